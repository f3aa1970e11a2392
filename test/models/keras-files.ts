import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tf } from "rnnlab";
import { packageRoot } from "../../src/platform/package-root.js";
import { readGolden } from "../golden/read-golden.js";

/** Numbers with their shape, as the golden script writes them. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly values: number[];
}

interface GoldenModel {
  readonly parameters: number;
  readonly inputs: GoldenTensor[];
  readonly outputs: GoldenTensor[];
}

/** Models that Keras wrote, by name, with inputs and what Keras predicts for them. */
export const { models } = readGolden<{ models: Record<string, GoldenModel> }>("keras-models");

/** The path of a file that Keras wrote. */
export const kerasFile = (name: string) => join(packageRoot, "test/golden/keras-models", name);

/** What a model predicts for inputs. */
export function predict(model: tf.LayersModel, inputs: readonly GoldenTensor[]): GoldenTensor[] {
  return tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) => tf.tensor(values, shape));
    const [first] = tensors;
    const outputs = model.predict(tensors.length === 1 && first ? first : tensors);
    return [outputs].flat().map((output) => ({ shape: output.shape, values: [...output.dataSync()] }));
  });
}

/** The greatest difference between two lists of outputs; infinite if the shapes differ. */
export function distance(a: readonly GoldenTensor[], b: readonly GoldenTensor[]): number {
  const shapes = (list: readonly GoldenTensor[]) => JSON.stringify(list.map(({ shape }) => shape));
  if (shapes(a) !== shapes(b)) return Number.POSITIVE_INFINITY;
  const differences = a.flatMap(({ values }, i) =>
    values.map((value, j) => Math.abs(value - (b[i]?.values[j] ?? Number.NaN))),
  );
  return differences.every(Number.isFinite) ? Math.max(...differences) : Number.POSITIVE_INFINITY;
}

/**
 * Loads the .keras files of a folder with Python's Keras, which predicts for the inputs of the JSON files beside them.
 *
 * @param python - a Python that has Keras 3
 */
export function predictWithKeras(python: string, folder: string): Record<string, GoldenTensor[]> {
  const script = join(packageRoot, "test/golden/keras-models.py");
  const printed = execFileSync(python, [script, folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(printed.trim().split("\n").at(-1) ?? "");
}

/** Puts the inputs of a case where `predictWithKeras` looks for them. */
export function writeInputs(folder: string, name: string, inputs: readonly object[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ inputs }));
}
