import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../../src/platform/usage-error.js";

/** What to run and how. */
export interface Selection {
  /** Absolute paths of the notebooks. */
  readonly notebooks: readonly string[];
  readonly size: "quick" | "full";
  /** The directory of real data files, or undefined: the loaders then decide. */
  readonly data: string | undefined;
}

/**
 * Reads the command line of `npm start`.
 *
 * @param args - `[NOTEBOOK…] [--size quick|full] [--data DIR]`; a notebook is a path, a name, or the start of a name
 * @param folder - the folder with the notebooks
 * @param env - RNNLAB_SIZE and RNNLAB_DATA count where the options are not given
 * @returns the selection
 * @throws {UsageError} when an option, a size or a notebook is unknown, or the data directory is missing
 */
export function select(args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Selection {
  const { values, positionals } = parse(args);
  const size = values.size ?? (env.RNNLAB_SIZE || "quick");
  if (size !== "quick" && size !== "full")
    throw new UsageError(
      `Cannot run the notebooks: ${values.size === undefined ? "RNNLAB_SIZE" : "--size"} must be quick or full, got ${JSON.stringify(size)}`,
    );
  const data = values.data ?? (env.RNNLAB_DATA || undefined);
  if (data !== undefined && !statSync(data, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `Cannot run the notebooks: ${values.data === undefined ? "RNNLAB_DATA" : "--data"} must be a directory, got ${JSON.stringify(data)}`,
    );
  return { notebooks: find(positionals, folder), size, data: data === undefined ? undefined : resolve(data) };
}

function parse(args: readonly string[]) {
  try {
    const options = { size: { type: "string" }, data: { type: "string" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(
      `Cannot run the notebooks: ${(cause as Error).message}; usage: npm start -- [NOTEBOOK…] [--size quick|full] [--data DIR]`,
      { cause },
    );
  }
}

function find(wanted: readonly string[], folder: string): string[] {
  const all = statSync(folder, { throwIfNoEntry: false })
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".ipynb"))
        .sort()
    : [];
  if (all.length === 0) throw new UsageError(`Cannot run the notebooks: there are none in ${folder}`);
  const names = wanted.length === 0 ? all : [...new Set(wanted.map((each) => findOne(each, all)))];
  return names.map((name) => join(folder, name));
}

function findOne(wanted: string, all: readonly string[]): string {
  const name = basename(wanted, ".ipynb");
  const exact = all.filter((each) => each === `${name}.ipynb`);
  const matches = exact.length > 0 ? exact : all.filter((each) => each.startsWith(name));
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  const list = all.map((each) => basename(each, ".ipynb")).join(", ");
  const what = matches.length === 0 ? "is no notebook" : "names several notebooks";
  throw new UsageError(`Cannot run the notebooks: ${JSON.stringify(wanted)} ${what}; there are: ${list}`);
}
