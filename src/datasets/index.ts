// The lectures' data, loaded by name: from a directory, the cache, a download, or a sample made by this project.
export { dataCacheDirectory } from "./cache.js";
export type { DateFormat } from "./date-format.js";
export { type Electricity, type LoadElectricityOptions, loadElectricity } from "./electricity.js";
export type { ElectricityRow } from "./electricity-csv.js";
export type { DataDirectories } from "./find-file.js";
export * from "./formats/index.js";
export {
  type NoisyLineOptions,
  noisyLine,
  noisySineSegments,
  type SineSegments,
  type SineSegmentsOptions,
  type TwoSineSeries,
  type TwoSineSeriesOptions,
  twoSineSeries,
} from "./generators.js";
export { type EncodedReviews, type Imdb, type LoadImdbOptions, loadImdb } from "./imdb.js";
export { type ImdbText, type LoadImdbTextOptions, loadImdbText, type TextReviews } from "./imdb-text.js";
export { decodeReview, type EncodeReviewOptions, encodeReview, type ReviewCoding } from "./imdb-words.js";
export type { LoadOptions, Provenance } from "./load-dataset.js";
export { type DigitImages, type LoadMnistOptions, loadMnist, type Mnist } from "./mnist.js";
export type { Notify } from "./notice.js";
export { type DatasetFile, registry } from "./registry.js";
export { type SortByDateTextOptions, sortByDateText } from "./sort-by-date-text.js";
export type { DownloadProgress } from "./transfer.js";
export { type GetWordIndexOptions, getWordIndex, type WordIndex } from "./word-index.js";
