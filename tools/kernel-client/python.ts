import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { kernelCommand } from "./kernel-process.js";

/** How a program ended and what it wrote. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory in which the kernel is installed as Jupyter finds it, apart from the user's own. */
export interface JupyterHome {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** The Python that has Jupyter: RNNLAB_TEST_PYTHON, else the project's own. */
export function python(): string {
  const own = resolve(
    packageRoot,
    process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python",
  );
  const path = process.env.RNNLAB_TEST_PYTHON ?? own;
  if (!existsSync(path)) {
    throw new Error(`Cannot run Jupyter: there is no Python at ${path}; make it with npx rnnlab setup`);
  }
  return path;
}

/** Runs a program to its end; it is killed after `milliseconds`. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; milliseconds?: number } = {},
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? packageRoot,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.milliseconds ?? 120_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", fail);
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}

/** Installs the kernel's specification into a new directory and points Jupyter's variables there. */
export async function installKernel(): Promise<JupyterHome> {
  const directory = mkdtempSync(join(tmpdir(), "rnnlab-jupyter-"));
  const env = {
    JUPYTER_PATH: join(directory, "share", "jupyter"),
    JUPYTER_CONFIG_DIR: join(directory, "config"),
    JUPYTER_RUNTIME_DIR: join(directory, "runtime"),
    JUPYTER_DATA_DIR: join(directory, "data"),
    IPYTHONDIR: join(directory, "ipython"),
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
  };
  if (process.env.RNNLAB_TEST_KERNEL) writeSpecification(env.JUPYTER_PATH);
  else {
    const cli = resolve(packageRoot, "dist/cli/main.js");
    const { status, stdout, stderr } = await run(process.execPath, [cli, "install", "--prefix", directory]);
    if (status !== 0) throw new Error(`Cannot install the kernel: exit status ${status}\n${stdout}${stderr}`);
  }
  return { directory, env, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** For another kernel under test: a specification with its command. */
function writeSpecification(jupyterPath: string): void {
  const folder = join(jupyterPath, "kernels", "rnnlab");
  mkdirSync(folder, { recursive: true });
  const argv = kernelCommand("{connection_file}");
  writeFileSync(
    join(folder, "kernel.json"),
    JSON.stringify({ argv, display_name: "other", language: "typescript" }),
  );
}
