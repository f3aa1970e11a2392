import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { registry } from "rnnlab/datasets";
import { projectDirectory } from "../golden/read-golden.js";

const candidate = process.env.RNNLAB_DATA || resolve(projectDirectory, "../shared/data");

/** Directory with a real file, where this machine has one. */
export function realDataDirectory(dataset: keyof typeof registry): string | undefined {
  return existsSync(join(candidate, registry[dataset].fileName)) ? candidate : undefined;
}
