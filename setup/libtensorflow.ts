import { createHash } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheEntry } from "./cache-entry.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import type { Note } from "./venv.js";
import { libraryEntry, WHEEL_PYTHON, type Wheel } from "./wheels.js";

const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wanted = ("tensorflow/include/", *sys.argv[3:])
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;

const FIND_LIBRARY = `
import os, sys
print(os.path.join(sys.base_prefix, sys.argv[1]))
`;

/**
 * Takes TensorFlow's C library from its wheel on the Python package index, once for this user.
 *
 * @param python - a Python that has pip
 * @param cache - the cache directory
 * @param note - shows what is going on
 * @param env - the environment
 * @param from - the wheel
 * @returns a folder with `lib/` and `include/`, as the binding expects them
 * @throws {Error} when it cannot be downloaded, or its checksum differs
 */
export function libtensorflow(
  python: string,
  cache: string,
  note: Note,
  env: NodeJS.ProcessEnv,
  from: Wheel,
): Promise<string> {
  const make = async (folder: string) => {
    note(`downloading TensorFlow ${from.version} (${from.megabytes} MB), once for this user`);
    const download = join(folder, "download");
    await runCommand(python, pipDownload(from, download), { env, timeout: 3_600_000 });
    const file = join(download, readdirSync(download)[0] ?? "nothing");
    const sha256 = await hash(file);
    if (sha256 !== from.sha256)
      throw new Error(
        `${from.package} ${from.version}: checksum differs (expected ${from.sha256.slice(0, 12)}…, got ${sha256.slice(0, 12)}…)`,
      );
    note("unpacking it");
    await runCommand(python, ["-c", UNPACK, file, folder, ...Object.keys(from.library)], {
      env,
      timeout: 600_000,
    });
    rmSync(download, { recursive: true });
    arrange(folder, from);
    if (from.pythonLibrary) await takePythonLibrary(from.pythonLibrary, python, folder, env);
  };
  return cacheEntry(cache, libraryEntry(from), make, (pid) =>
    note(`waiting for another set-up (process ${pid}) to download TensorFlow`),
  );
}

function pipDownload(from: Wheel, folder: string): string[] {
  const pip = "-m pip download --quiet --retries 2 --timeout 30 --no-deps --only-binary=:all:".split(" ");
  const target = ["--python-version", WHEEL_PYTHON, "--platform", from.tag];
  return [...pip, ...target, "-d", folder, `${from.package}==${from.version}`];
}

async function hash(file: string): Promise<string> {
  const sha256 = createHash("sha256");
  await pipeline(createReadStream(file), sha256);
  return sha256.digest("hex");
}

/** Gives the library the names that the binding links to. */
function arrange(folder: string, { library }: Wheel): void {
  const lib = join(folder, "lib");
  mkdirSync(lib);
  for (const [path, [name, ...others]] of Object.entries(library)) {
    renameSync(join(folder, path), join(lib, name));
    for (const other of others) {
      // Only some people may make links on Windows.
      if (process.platform === "win32") copyFileSync(join(lib, name), join(lib, other));
      else symlinkSync(name, join(lib, other));
    }
  }
  renameSync(join(folder, "tensorflow", "include"), join(folder, "include"));
  for (const left of readdirSync(folder))
    if (left !== "lib" && left !== "include") rmSync(join(folder, left), { recursive: true });
}

async function takePythonLibrary(
  name: string,
  python: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const library = (await runCommand(python, ["-c", FIND_LIBRARY, name], { env, timeout: 60_000 })).trim();
  if (!existsSync(library))
    throw new SetupError(
      `Cannot use TensorFlow's wheel: it needs ${name}, which the Python of set-up does not have`,
      `install Python ${WHEEL_PYTHON} and put it first in PATH; then: npx rnnlab setup`,
      [`looked for ${library}`],
    );
  copyFileSync(library, join(folder, "lib", name));
}
