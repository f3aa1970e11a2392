import * as tf from "../../src/tensorflow.js";
import { fit } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { randomTrainable, type Trainable } from "../training/compiled-models.js";
import { ProgramFile } from "./program-file.js";

/** Twice until a call is compiled, and then as often as it is written down. */
const TURNS = 4;

/**
 * Trains, calls and tests random models, and writes the programs that they become.
 *
 * @param path - of the file for test/native/programs.cc
 * @param seeds - one a model
 * @returns how many programs there are, and how many calls of them
 */
export async function recordPrograms(
  path: string,
  seeds: Iterable<number>,
): Promise<{ readonly programs: number; readonly calls: number }> {
  const file = new ProgramFile(path);
  try {
    for (const seed of seeds) {
      const trainable = randomTrainable(seed);
      await file.record(() => use(trainable, seed));
      trainable.model.dispose();
    }
    return file.counts;
  } finally {
    file.close();
  }
}

async function use({ model, x, y, options }: Trainable, seed: number): Promise<void> {
  // Of 43 rows: the last batch has 1 row, or 3.
  const batchSize = [options.batchSize ?? 8, 1, 6, 14][seed % 4] as number;
  // With a callback for batches each step is a call of its own, whatever the clock says.
  const callbacks = { onBatchEnd: () => undefined };
  await quietly(() => fit(model, x, y, { ...options, batchSize, epochs: TURNS, callbacks }));
  tf.tidy(() => {
    for (let turn = 0; turn < TURNS; turn++) {
      model.predict(x, { batchSize: 8 });
      model.predict(x.slice(0, 1));
      model.evaluate(x, y, { batchSize: 14 });
    }
  });
}
