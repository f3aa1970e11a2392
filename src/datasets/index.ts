// The lectures' data, loaded by name: from a directory, the cache, a download, or a sample made by this project.
export { dataCacheDirectory } from "./cache.js";
export type { DateFormat } from "./date-format.js";
export { type Electricity, type LoadElectricityOptions, loadElectricity } from "./electricity.js";
export type { ElectricityRow } from "./electricity-csv.js";
export type { DataDirectories } from "./find-file.js";
export * from "./formats/index.js";
export type { LoadOptions, Provenance } from "./load-dataset.js";
export type { Notify } from "./notice.js";
export { type DatasetFile, registry } from "./registry.js";
export { type SortByDateTextOptions, sortByDateText } from "./sort-by-date-text.js";
export type { DownloadProgress } from "./transfer.js";
