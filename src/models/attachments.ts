import type { WordIndex } from "../datasets/index.js";
import { isReadError, readError } from "../formats/read-error.js";
import {
  MinMaxScaler,
  type MinMaxScalerState,
  StandardScaler,
  type StandardScalerState,
  TextVectorization,
  type TextVectorizationState,
} from "../preprocessing/index.js";
import type { History } from "../training/index.js";

/** What a model needs besides its weights, and travels with it. */
export interface Attachments {
  /** How texts became the numbers that it was trained on */
  readonly vectorization?: TextVectorization;
  /** The words of IMDB's reviews, from `getWordIndex` */
  readonly wordIndex?: WordIndex;
  /** How series were scaled */
  readonly scaler?: MinMaxScaler | StandardScaler;
  /** What `fit` returned */
  readonly history?: History;
}

/**
 * Writes attachments as JSON.
 *
 * @param attachments - those that there are
 * @returns for each file name its text
 * @throws {RangeError} when a scaler is not fitted, or a vectorization without vocabulary or with functions
 */
export function writeAttachments({
  vectorization,
  wordIndex,
  scaler,
  history,
}: Attachments): Map<string, string> {
  const files = new Map<string, string>();
  const add = (name: string, value: unknown) => files.set(name, `${JSON.stringify(value)}\n`);
  if (vectorization !== undefined) add("vectorization.json", vectorization);
  if (wordIndex !== undefined) {
    const { indices: _, ...written } = wordIndex;
    add("word-index.json", written);
  }
  if (scaler !== undefined) {
    const kind = scaler instanceof MinMaxScaler ? "MinMaxScaler" : "StandardScaler";
    add("scaler.json", { kind, ...scaler.toJSON() });
  }
  if (history !== undefined) add("history.json", history);
  return files;
}

const readers: {
  readonly [Name in keyof Required<Attachments>]: [file: string, read: (json: unknown) => Attachments[Name]];
} = {
  vectorization: ["vectorization.json", (json) => TextVectorization.fromJSON(json as TextVectorizationState)],
  wordIndex: ["word-index.json", readWordIndex],
  scaler: ["scaler.json", readScaler],
  history: ["history.json", readHistory],
};

/** The files that attachments may lie in. */
export const ATTACHMENT_FILES: readonly string[] = Object.values(readers).map(([file]) => file);

/**
 * Reads attachments back.
 *
 * @param read - gives the text of a file by its name, undefined if there is none
 * @param origin - what errors call the place of the files
 * @returns those that there are
 * @throws {RangeError} when one cannot be read
 */
export async function readAttachments(
  read: (name: string) => Promise<string | undefined>,
  origin: string,
): Promise<Attachments> {
  const found: Record<string, unknown> = {};
  for (const [name, [file, restore]] of Object.entries(readers)) {
    const text = await read(file);
    if (text === undefined) continue;
    try {
      found[name] = restore(JSON.parse(text));
    } catch (cause) {
      if (isReadError(cause)) throw cause;
      throw readError(`${origin}, ${file}`, "it must be what saveModel() wrote, got something else", cause);
    }
  }
  return found;
}

function readWordIndex(json: unknown): WordIndex {
  const written = json as Omit<WordIndex, "indices">;
  const words = requireTexts(written.words);
  const indices = new Map(words.flatMap((word, index) => (word === "" ? [] : [[word, index] as const])));
  return { ...written, words, indices };
}

function readScaler(json: unknown): MinMaxScaler | StandardScaler {
  const { kind, ...state } = json as { kind: unknown };
  if (kind === "MinMaxScaler") return MinMaxScaler.fromJSON(state as MinMaxScalerState);
  if (kind === "StandardScaler") return StandardScaler.fromJSON(state as StandardScalerState);
  throw new RangeError(`Cannot restore scaler: kind must be MinMaxScaler or StandardScaler, got ${kind}`);
}

/** JSON has no NaN, which a loss may become: it is written as null. */
function readHistory(json: unknown): History {
  const numbers = (column: unknown): number[] => {
    if (!Array.isArray(column))
      throw new TypeError(`Cannot restore history: columns must be lists, got ${column}`);
    return column.map((value) => (typeof value === "number" ? value : Number.NaN));
  };
  const { metrics, ...columns } = json as { metrics: object };
  const restore = (group: object) =>
    Object.fromEntries(Object.entries(group).map(([name, column]) => [name, numbers(column)]));
  return { ...(restore(columns) as Omit<Required<History>, "metrics">), metrics: restore(metrics) };
}

function requireTexts(words: unknown): readonly string[] {
  if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  throw new TypeError("Cannot restore word index: words must be a list of texts, got something else");
}
