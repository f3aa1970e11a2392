import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/** Where a kernelspec goes: the user's own place, the active Python environment, or any prefix. */
export type Destination =
  | { readonly user: true }
  | { readonly sysPrefix: true }
  | { readonly prefix: string };

/**
 * The folder of one kernelspec.
 *
 * @param destination - where Jupyter shall find it
 * @param name - the kernelspec's name
 * @param env - the environment, by default the process's own
 * @returns an absolute path, which need not exist
 * @throws {RangeError} when the name is not one that Jupyter accepts
 * @throws {Error} when there is no active Python environment
 */
export function kernelFolder(
  destination: Destination,
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (!/^[a-z0-9._-]+$/i.test(name))
    throw new RangeError(
      `Cannot name the kernel: only letters, digits, ".", "_" and "-" are allowed, got ${JSON.stringify(name)}`,
    );
  return join(dataFolder(destination, env), "kernels", name);
}

function dataFolder(destination: Destination, env: NodeJS.ProcessEnv): string {
  if ("user" in destination) return userData(env);
  const prefix = "prefix" in destination ? resolve(destination.prefix) : activePrefix(env);
  return join(prefix, "share", "jupyter");
}

/**
 * The user's Jupyter data folder: `JUPYTER_DATA_DIR` or the platform's own.
 *
 * @param env - the environment
 * @param platform - the platform
 * @returns an absolute path
 */
export function userData(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || homedir();
  if (env.JUPYTER_DATA_DIR) return resolve(env.JUPYTER_DATA_DIR);
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

function activePrefix(env: NodeJS.ProcessEnv): string {
  const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (active) return active;
  try {
    const code = "import sys; print(sys.prefix)";
    return execFileSync("python3", ["-c", code], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  } catch (cause) {
    throw new Error(
      "Cannot find the Python environment: none is active and python3 does not run; use --prefix DIR or --user",
      { cause },
    );
  }
}

/**
 * Every folder in which Jupyter looks for kernels, in its order, as far as it is known without asking Python.
 *
 * @param env - the environment
 * @param prefixes - further prefixes, such as the project's own environment
 * @returns folders that hold kernelspecs, which need not exist
 */
export function searchPath(env: NodeJS.ProcessEnv, prefixes: readonly string[] = []): string[] {
  const extra = (env.JUPYTER_PATH ?? "").split(delimiter).filter(Boolean);
  const environments = [...prefixes, env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((prefix): prefix is string =>
    Boolean(prefix),
  );
  const system =
    process.platform === "win32"
      ? [join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const data = [
    ...extra,
    ...environments.map((prefix) => join(prefix, "share", "jupyter")),
    userData(env),
    ...system,
  ];
  return [...new Set(data.map((folder) => join(folder, "kernels")))];
}
