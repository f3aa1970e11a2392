import { existsSync } from "node:fs";
import { join } from "node:path";
import { registry } from "rnnlab/datasets";

/** RNNLAB_DATA, if it has a data set's real file: tests read real data from nowhere else. */
export function realDataDirectory(dataset: keyof typeof registry): string | undefined {
  const directory = process.env.RNNLAB_DATA;
  const found = directory && existsSync(join(directory, registry[dataset].fileName));
  return found ? directory : undefined;
}
