// The lectures' data, loaded by name: from a directory, the cache, a download, or a sample made by this project.

export type { Notify } from "../display/notice.js";
export { isObjectArray, type NpyArray, type ObjectArray, parseNpy, readNpy } from "../formats/npy.js";
export type { NumericData } from "../formats/npy-dtype.js";
export type { NumericArray } from "../formats/npy-numbers.js";
export { type ReadNpzOptions, readNpz } from "../formats/npz.js";
export { dataCacheDirectory } from "./cache.js";
export type { DownloadProgress } from "./download/transfer.js";
export type { ElectricityRow } from "./electricity/csv.js";
export type { DateFormat } from "./electricity/date-format.js";
export { type Electricity, type LoadElectricityOptions, loadElectricity } from "./electricity/electricity.js";
export { type SortByDateTextOptions, sortByDateText } from "./electricity/sort-by-date-text.js";
export type { DataDirectories } from "./find-file.js";
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
export { type EncodedReviews, type Imdb, type LoadImdbOptions, loadImdb } from "./imdb/imdb.js";
export { type ImdbText, type LoadImdbTextOptions, loadImdbText, type TextReviews } from "./imdb/imdb-text.js";
export { type GetWordIndexOptions, getWordIndex, type WordIndex } from "./imdb/word-index.js";
export { decodeReview, type EncodeReviewOptions, encodeReview, type ReviewCoding } from "./imdb/words.js";
export type { LoadOptions, Provenance } from "./load-dataset.js";
export type { DigitImages, Mnist } from "./mnist/digits.js";
export { type LoadMnistOptions, loadMnist } from "./mnist/mnist.js";
export { type DatasetFile, registry } from "./registry.js";
