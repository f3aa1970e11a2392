import { type NpyArray, parseNpy } from "./npy.js";
import { readError } from "./read-error.js";
import { ZipFile } from "./zip.js";

/** How to read an archive of arrays. */
export interface ReadNpzOptions {
  /** Which arrays, without `.npy`; all unless given. */
  readonly names?: readonly string[];
  /** Most bytes that these arrays may unpack to, all together; 2³⁰ unless given. */
  readonly maxUnpackedBytes?: number;
  /** What messages call the file; its path unless given. */
  readonly origin?: string;
}

/**
 * Reads an archive of `numpy.savez` or `savez_compressed`. Only the arrays that are named are unpacked, and nothing in
 * them is executed, see `readNpy`.
 *
 * @param file - path of the .npz file
 * @param options - which arrays
 * @returns the arrays by name
 * @throws {RangeError} when it is no .npz file, is cut off or damaged, or has no such array, one that `readNpy`
 * refuses, or more bytes than `maxUnpackedBytes`; it names the file and the array
 * @throws {Error} when the file cannot be read
 * @example
 * ```ts
 * import { readNpz } from "rnnlab/datasets";
 * const readLabels = async (file: string) => (await readNpz(file, { names: ["y_train"] })).get("y_train");
 * await readLabels("package.json").catch((error) => console.log(error.name)); // RangeError
 * ```
 */
export async function readNpz(file: string, options: ReadNpzOptions = {}): Promise<Map<string, NpyArray>> {
  const { origin = file, maxUnpackedBytes = 2 ** 30 } = options;
  if (!(maxUnpackedBytes > 0)) {
    throw new RangeError(`Cannot read ${origin}: maxUnpackedBytes must be positive, got ${maxUnpackedBytes}`);
  }
  return await ZipFile.using(file, origin, async (zip) => {
    const names = options.names ?? zip.names.map((name) => name.replace(/\.npy$/, ""));
    const arrays = new Map<string, NpyArray>();
    const bytes = names.reduce((sum, name) => sum + zip.sizeOf(`${name}.npy`), 0);
    if (bytes > maxUnpackedBytes) {
      throw readError(
        origin,
        `its arrays must unpack to at most ${maxUnpackedBytes} bytes, got ${bytes}; set maxUnpackedBytes to allow more`,
      );
    }
    // One after the other: an array's bytes are free before the next one is unpacked.
    for (const name of names) {
      arrays.set(name, parseNpy(await zip.read(`${name}.npy`, maxUnpackedBytes), `${origin}, ${name}`));
    }
    return arrays;
  });
}
