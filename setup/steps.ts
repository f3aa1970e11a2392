import { dirname } from "node:path";
import { SetupError } from "./setup-error.js";

/** A step of the set-up. */
export interface Step {
  readonly name: string;
  /** Another step without which this one cannot be done. */
  readonly needs?: string;
  /** Does the work, or finds it done, and says in one line what there is. */
  readonly run: () => Promise<string>;
  /** What works and what does not as long as this step is missing. */
  readonly without: string;
}

/** Thrown when what can be done is done and something is missing. Its message tells every failure, with its repair. */
export class IncompleteError extends AggregateError {
  override readonly name = "IncompleteError";

  /**
   * @param missing - the names of the steps that failed, and of those that need them
   * @param failures - what they threw
   */
  constructor(
    readonly missing: ReadonlySet<string>,
    failures: readonly Error[],
  ) {
    super(failures, failures.map(({ message }) => message).join("\n"));
  }
}

/**
 * Does steps one after the other and prints a line about each, with its seconds. A step that fails stops only those that
 * need it.
 *
 * @param steps - the steps, in their order
 * @param print - receives each line
 * @throws {IncompleteError} when a step fails; it is thrown when the others are done
 */
export async function runSteps(steps: readonly Step[], print: (line: string) => void): Promise<void> {
  const failures: Error[] = [];
  const missing = new Set<string>();
  const report = (name: string, line: string, start: number) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`${name.padEnd(10)}  ${line.padEnd(52)}  ${seconds.padStart(6)} s`);
  };
  for (const { name, needs, run, without } of steps) {
    const start = performance.now();
    if (needs !== undefined && missing.has(needs)) {
      missing.add(name);
      report(name, `missing, as it needs ${needs}: ${without}`, start);
      continue;
    }
    try {
      report(name, await run(), start);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push(explained(name, error));
      missing.add(name);
      report(name, `missing: ${without}`, start);
    }
  }
  if (failures.length > 0) throw new IncompleteError(missing, failures);
}

/** An error of the file system says neither what for nor what to do. */
function explained(name: string, error: NodeJS.ErrnoException): Error {
  const { code, path } = error;
  if (path === undefined) return error;
  if (code === "ENOSPC") {
    const repair = `free 1 GB on the disk of ${dirname(path)}; then: npx rnnlab setup`;
    return new SetupError(`Cannot prepare ${name}: ${path} needs space on its disk`, repair, [], error);
  }
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") return error;
  return unwritable(name, dirname(path), error);
}

/**
 * The error of a step that must write where the user may not.
 *
 * @param name - the step
 * @param folder - where it must write
 * @param cause - the underlying error
 * @returns the error, with its repair
 */
export function unwritable(name: string, folder: string, cause?: Error): SetupError {
  return new SetupError(
    `Cannot prepare ${name}: your user must be able to write to ${folder}`,
    "give the command as the user who owns that folder, or install rnnlab in a folder of your own (a cache folder: set XDG_CACHE_HOME to another); then: npx rnnlab setup",
    cause === undefined ? [] : [cause.message],
    cause,
  );
}
