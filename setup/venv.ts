import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { undoOnExit } from "./exit.js";
import { withLock } from "./lock.js";
import { readMarker } from "./marker.js";
import { shownPath, venvDirectory, venvPython } from "./paths.js";
import { pipRepair } from "./pip-repair.js";
import { findPython } from "./python.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/**
 * JupyterLab's own defaults, changed: it shall neither ask whether it may fetch news nor fetch anything. The language server
 * is asked where the mouse rests, without a key.
 */
const LAB_SETTINGS = `${JSON.stringify(
  {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
    "@jupyter-lsp/jupyterlab-lsp:hover": { autoActivate: true },
  },
  null,
  2,
)}\n`;

/** A step's report: what it has, and a line to show while it works. */
export type Note = (line: string) => void;

/**
 * Makes the project's Python environment with the pinned requirements, or finds it complete.
 *
 * A virtual environment cannot be moved, so it is made where it stays: a file says that it is being made, and
 * another one, with the requirements' hash, that it is complete. One that was left incomplete or was moved, or
 * whose requirements or settings have changed, is made again. One that somebody else made is not removed: it gets the packages.
 *
 * @param root - the project's folder
 * @param requirements - the path of the requirements file
 * @param note - shows what is going on
 * @param env - the environment, by default the process's own
 * @returns one line about the result
 * @throws {SetupError} when there is no Python, no venv module, or the packages cannot be installed
 */
export async function prepareVenv(
  root: string,
  requirements: string,
  note: Note,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const venv = venvDirectory(root);
  const wanted = createHash("sha256").update(readFileSync(requirements)).update(LAB_SETTINGS).digest("hex");
  if (isComplete(venv, wanted)) {
    const given = env.RNNLAB_PYTHON;
    if (given && !(await isMadeWith(venv, given, env)))
      note(`${shownPath(venv)} is there already; delete it to make it with ${given}`);
    return describe(venv);
  }
  mkdirSync(root, { recursive: true });
  return withLock(
    `${venv}.lock`,
    async () => {
      if (!isComplete(venv, wanted)) await make(venv, requirements, wanted, note, env);
      return describe(venv);
    },
    (pid) => note(`waiting for another set-up (process ${pid})`),
  );
}

async function make(
  venv: string,
  requirements: string,
  wanted: string,
  note: Note,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const foreign = existsSync(venv) && !existsSync(making(venv)) && !existsSync(marker(venv));
  const discard = () => {
    if (!foreign) rmSync(venv, { recursive: true, force: true });
  };
  const python = foreign ? undefined : await findPython(env);
  const uv = await hasUv(env);
  discard();
  const keep = undoOnExit(discard);
  try {
    if (python !== undefined) {
      note(`making ${shownPath(venv)} with Python ${python.version}`);
      mkdirSync(venv, { recursive: true });
      writeFileSync(making(venv), "This environment is not finished. If nothing is running, delete it.\n");
      await create(venv, python.path, uv, env);
    }
    await install(venv, requirements, uv, note, env);
    const settings = join(venv, "share", "jupyter", "lab", "settings");
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, "overrides.json"), LAB_SETTINGS);
    const made = await versions(venv, env);
    writeFileSync(marker(venv), `${JSON.stringify({ venv, requirements: wanted, ...made })}\n`);
    rmSync(making(venv), { force: true });
  } catch (error) {
    discard();
    throw error;
  } finally {
    keep();
  }
}

async function create(venv: string, python: string, uv: boolean, env: NodeJS.ProcessEnv): Promise<void> {
  const command = uv ? "uv" : python;
  const args = uv
    ? ["venv", "--quiet", "--allow-existing", "--seed", "--python", python, venv]
    : ["-m", "venv", venv];
  try {
    await runCommand(command, args, { env, timeout: 300_000 });
  } catch (error) {
    throw new SetupError(
      "Cannot make the Python environment: its venv command failed",
      "apt-get install python3-venv (Debian, Ubuntu), or set RNNLAB_PYTHON to a complete Python; then: npx rnnlab setup",
      [(error as Error).message],
      error,
    );
  }
}

async function install(
  venv: string,
  requirements: string,
  uv: boolean,
  note: Note,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  note(`installing JupyterLab and nbconvert into ${shownPath(venv)} (340 MB on disk)`);
  const python = venvPython(venv);
  const attempts: [string, string[]][] = [
    [python, ["-m", "pip", "install", "--quiet", "--retries", "2", "--timeout", "30", "-r", requirements]],
  ];
  if (uv) attempts.unshift(["uv", ["pip", "install", "--quiet", "--python", python, "-r", requirements]]);
  const tried: string[] = [];
  for (const [command, args] of attempts) {
    try {
      await runCommand(command, args, { env, timeout: 1_800_000 });
      return;
    } catch (error) {
      tried.push((error as Error).message);
    }
  }
  throw new SetupError(
    "Cannot install the Python packages: the installer failed",
    pipRepair(tried.join("\n")),
    tried,
  );
}

/** An environment's interpreter is that of the Python it was made with. */
async function isMadeWith(venv: string, python: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const code = "import sys; print(sys.base_prefix)";
  const bases = [venvPython(venv), python].map((each) =>
    runCommand(each, ["-c", code], { env, timeout: 10_000 }),
  );
  const [made, given] = await Promise.all(bases);
  return made === given;
}

async function hasUv(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await runCommand("uv", ["--version"], { env, timeout: 10_000 });
    return true;
  } catch {
    return false; // Not installed: pip does the same, slower.
  }
}

async function versions(
  venv: string,
  env: NodeJS.ProcessEnv,
): Promise<{ python: string; jupyterlab: string }> {
  const code =
    "import sys; from importlib.metadata import version as v; print(sys.version.split()[0], v('jupyterlab'))";
  const [python = "", jupyterlab = ""] = (
    await runCommand(venvPython(venv), ["-c", code], { env, timeout: 30_000 })
  )
    .trim()
    .split(" ");
  return { python, jupyterlab };
}

function isComplete(venv: string, wanted: string): boolean {
  const made = readMarker(marker(venv));
  return made?.requirements === wanted && made.venv === venv && existsSync(venvPython(venv));
}

function describe(venv: string): string {
  const { python, jupyterlab } = readMarker(marker(venv)) ?? {};
  return `Python ${python} with JupyterLab ${jupyterlab} in ${shownPath(venv)}`;
}

const marker = (venv: string) => join(venv, "rnnlab-complete.json");
const making = (venv: string) => join(venv, "rnnlab-incomplete.txt");
