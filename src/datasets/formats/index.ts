// Readers of the formats that data sets come in; none of them executes what it reads.

export { isObjectArray, type NpyArray, type ObjectArray, parseNpy, readNpy } from "./npy.js";
export type { NumericData } from "./npy-dtype.js";
export type { NumericArray } from "./npy-numbers.js";
export { type ReadNpzOptions, readNpz } from "./npz.js";
export { isReadError, readError } from "./read-error.js";
export { type RegularFileOptions, readBytes, readRegularFile, withRegularFile } from "./regular-file.js";
export { ZipFile } from "./zip.js";
