import { isObjectArray, type NpyArray } from "../../formats/npy.js";
import { readNpz } from "../../formats/npz.js";
import { type LoadOptions, loadDataset, type Provenance, type ReadBounds } from "../load-dataset.js";
import { registry } from "../registry.js";
import type { DigitImages, Mnist } from "./digits.js";
import { makeMnistSample } from "./sample.js";

/** From where to load the digits. */
export type LoadMnistOptions = LoadOptions;

/**
 * Loads the MNIST database of handwritten digits (LeCun, Cortes and Burges, 1998): 60,000 pictures to train and 10,000
 * to test, 28 × 28 pixels, in the order of Keras's `mnist.load_data`.
 *
 * The file is `mnist.npz`. The sample has as many digits, drawn by this project.
 *
 * @param options - from where
 * @returns uint8 pictures `[60000, 28, 28]` and `[10000, 28, 28]`, and uint8 labels
 * @throws {RangeError} when an option is none that can be, or the file is malformed
 * @throws {Error} when real data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { loadMnist } from "rnnlab/datasets";
 * const { train } = await loadMnist({ source: "sample" });
 * console.log(train.shape.join(" "), train.images.length); // 60000 28 28 47040000
 * ```
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<Mnist> {
  return await loadDataset(registry.mnist, options, { read: readDigits, sample: makeMnistSample });
}

async function readDigits(
  path: string,
  origin: string,
  { maxUnpackedBytes }: ReadBounds,
): Promise<Omit<Mnist, keyof Provenance>> {
  const names = ["x_train", "y_train", "x_test", "y_test"];
  const arrays = await readNpz(path, { names, origin, maxUnpackedBytes });
  return {
    name: "mnist",
    train: digits(arrays, "train", origin),
    test: digits(arrays, "test", origin),
  };
}

function digits(arrays: ReadonlyMap<string, NpyArray>, split: string, origin: string): DigitImages {
  const fail = (rule: string): never => {
    throw new RangeError(`Cannot read ${origin}, ${split}: ${rule}`);
  };
  const [x, y] = [arrays.get(`x_${split}`), arrays.get(`y_${split}`)];
  const [images, labels] = [bytesOf(x), bytesOf(y)];
  const [count = 0, height, width] = images?.shape ?? [];
  if (images?.shape.length !== 3 || count === 0 || height !== 28 || width !== 28) {
    return fail(`x must be uint8 of shape [pictures, 28, 28], got ${describe(x)}`);
  }
  if (labels?.shape.join() !== `${count}`) {
    return fail(`y must be uint8 of shape [${count}], got ${describe(y)}`);
  }
  const wrong = labels.data.findIndex((label) => label > 9);
  if (wrong >= 0) fail(`label ${wrong} must be from 0 to 9, got ${labels.data[wrong]}`);
  return { images: images.data, shape: [count, 28, 28], labels: labels.data };
}

function bytesOf(array: NpyArray | undefined): { data: Uint8Array; shape: readonly number[] } | undefined {
  if (array === undefined || isObjectArray(array) || array.dtype !== "uint8") return undefined;
  return array.data instanceof Uint8Array ? { data: array.data, shape: array.shape } : undefined;
}

function describe(array: NpyArray | undefined): string {
  return array === undefined ? "none" : `${array.dtype} of shape [${array.shape}]`;
}
