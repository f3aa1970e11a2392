import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/** A Python interpreter that is new enough. */
export interface Python {
  /** The interpreter's own path. */
  readonly path: string;
  /** Its version, as "3.11.7". */
  readonly version: string;
  /** Where its Jupyter looks for kernels, besides the user's own. */
  readonly prefix: string;
}

const NEWEST = 14;
const OLDEST = 10;
const PROBE =
  "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3]); print(sys.prefix)";

/**
 * Finds a Python that is at least 3.10: `RNNLAB_PYTHON`, else python3, python3.14 … python3.10, python, py.
 *
 * @param env - the environment whose RNNLAB_PYTHON and PATH count
 * @returns the first that is new enough
 * @throws {SetupError} when there is none; it says what each candidate answered
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const tried: string[] = [];
  for (const candidate of candidates(env)) {
    try {
      const [path = "", version = "", prefix = ""] = (
        await runCommand(candidate, ["-c", PROBE], { env, timeout: 10_000 })
      )
        .trim()
        .split(/\r?\n/);
      if (isNewEnough(version)) return { path, version, prefix };
      tried.push(`${candidate}: is Python ${version}`);
    } catch (error) {
      tried.push(
        String((error as Error).message)
          .split("\n")
          .slice(0, 2)
          .join(" ")
          .trim(),
      );
    }
  }
  throw new SetupError(
    `Cannot find Python: none of these is 3.${OLDEST} or newer`,
    "install Python 3.10 or newer (apt-get install python3 python3-venv; brew install python; winget install Python.Python.3.13), or set RNNLAB_PYTHON to its path",
    tried,
  );
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  if (env.RNNLAB_PYTHON) return [env.RNNLAB_PYTHON];
  const minor = Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `python3.${NEWEST - index}`);
  return ["python3", ...minor, "python", ...(process.platform === "win32" ? ["py"] : [])];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= OLDEST;
}
