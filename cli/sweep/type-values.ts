import { dirname, resolve } from "node:path";
import { documentOf } from "../notebooks/notebook-document.js";
import type { NotebookFile } from "../notebooks/notebook-file.js";
import { valueOfText } from "../run/parameter-values.js";
import { fitParameters } from "../run/set-parameters.js";
import type { Texts } from "./plan-runs.js";
import type { Variation } from "./variation.js";

/** What the notebook gets for a parameter's text. */
export type ValueOf = (name: string, text: string) => unknown;

/**
 * Checks all values, by the compiler, against the types that the notebook's parameters are declared with. Of an interval that
 * a study chooses from, the two ends are checked.
 *
 * @param file - the notebook
 * @param variations - of each parameter
 * @param runs - what is planned; undefined where a study chooses
 * @returns what a text means
 * @throws {ParameterError} when a name is unknown or a value does not fit
 */
export async function typeValues(
  file: NotebookFile,
  variations: readonly Variation[],
  runs: readonly Texts[] | undefined,
): Promise<ValueOf> {
  const texts = new Map(
    variations.map((variation) => {
      const planned = runs?.flatMap(({ [variation.name]: text }) => text ?? []);
      return [variation.name, [...new Set(planned ?? endsOf(variation))]];
    }),
  );
  const notebook = { folder: resolve(dirname(file.path)), language: file.language };
  const values = new Map([...texts].map(([name, each]) => [name, each.map(valueOfText)]));
  const { fitting } = await fitParameters(file.path, documentOf(file), notebook, values);
  const known = new Map(
    [...texts].map(([name, each]) => [
      name,
      new Map(each.map((text, index) => [text, fitting.get(name)?.[index]?.value])),
    ]),
  );
  // What is drawn later, from between two ends that fit, is a number.
  return (name, text) => jsonOf(known.get(name)?.has(text) ? known.get(name)?.get(text) : Number(text));
}

const endsOf = (variation: Variation): readonly string[] =>
  variation.kind === "list" ? variation.choices : [String(variation.low), String(variation.high)];

/** JSON has no infinite numbers. */
const jsonOf = (value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
