import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheEntry } from "./cache-entry.js";
import { runCommand } from "./run-command.js";
import type { Note } from "./venv.js";

/** A wheel of tensorflow-cpu: only its C library and headers are used. */
export interface Wheel {
  readonly version: string;
  readonly sha256: string;
}

/** The wheel that the binding is built against. Any Python version's wheel has the same library. */
export const wheel: Wheel = {
  version: "2.18.1",
  sha256: "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
};

const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wanted = ("tensorflow/libtensorflow", "tensorflow/include/")
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;

/**
 * The cache entry of the unpacked library.
 *
 * @param from - the wheel
 * @returns the entry's name
 */
export const libraryEntry = (from: Wheel = wheel): string =>
  `libtensorflow-${from.version}-${from.sha256.slice(0, 12)}`;

/**
 * Takes TensorFlow's C library for Linux from its wheel on the Python package index, once for this user.
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
  from: Wheel = wheel,
): Promise<string> {
  const make = async (folder: string) => {
    note(`downloading TensorFlow ${from.version} (230 MB), once for this user`);
    const download = join(folder, "download");
    await runCommand(python, pipDownload(from, download), { env, timeout: 3_600_000 });
    const file = join(download, readdirSync(download)[0] ?? "nothing");
    const sha256 = await hash(file);
    if (sha256 !== from.sha256)
      throw new Error(
        `tensorflow-cpu ${from.version}: checksum differs (expected ${from.sha256.slice(0, 12)}…, got ${sha256.slice(0, 12)}…)`,
      );
    note("unpacking it");
    await runCommand(python, ["-c", UNPACK, file, folder], { env, timeout: 600_000 });
    rmSync(download, { recursive: true });
    arrange(folder);
  };
  return cacheEntry(cache, libraryEntry(from), make, (pid) =>
    note(`waiting for another set-up (process ${pid}) to download TensorFlow`),
  );
}

function pipDownload(from: Wheel, folder: string): string[] {
  const pip = "-m pip download --quiet --retries 2 --timeout 30 --no-deps --only-binary=:all:".split(" ");
  const target = "--python-version 3.11 --platform manylinux2014_x86_64".split(" ");
  return [...pip, ...target, "-d", folder, `tensorflow-cpu==${from.version}`];
}

async function hash(file: string): Promise<string> {
  const sha256 = createHash("sha256");
  await pipeline(createReadStream(file), sha256);
  return sha256.digest("hex");
}

/** Gives the library the names that the binding links to. */
function arrange(folder: string): void {
  const lib = join(folder, "lib");
  const unpacked = join(folder, "tensorflow");
  mkdirSync(lib);
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
    renameSync(join(unpacked, name), join(lib, name));
  for (const name of ["libtensorflow.so", "libtensorflow.so.2"])
    symlinkSync("libtensorflow_cc.so.2", join(lib, name));
  symlinkSync("libtensorflow_framework.so.2", join(lib, "libtensorflow_framework.so"));
  renameSync(join(unpacked, "include"), join(folder, "include"));
  rmSync(unpacked, { recursive: true });
}
