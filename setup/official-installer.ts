import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { delimiter, dirname, join } from "node:path";
import type { Tfjs } from "../src/platform/tfjs-node.js";
import { cacheEntry } from "./cache-entry.js";
import { undoOnExit } from "./exit.js";
import { runCommand } from "./run-command.js";
import type { NativeParts } from "./tfjs.js";
import type { Note } from "./venv.js";

const REACH_LIMIT = 5_000;
const SILENCE_LIMIT = 60_000;

/**
 * The cache entry that tfjs-node's own installer fills.
 *
 * @param tfjs - the package
 * @returns the entry's name
 */
export const officialEntry = (tfjs: Tfjs): string => `tfjs-official-${tfjs.key}`;

/**
 * Lets tfjs-node's own installer download TensorFlow's library and the binding. It works in a copy of the
 * package, because it deletes what is there before it downloads. It is not started when its hosts do not answer
 * within five seconds: it would wait for them much longer.
 *
 * @param tfjs - the package
 * @param cache - the cache directory
 * @param note - shows what is going on
 * @param env - the environment
 * @returns where the parts are
 * @throws {Error} when a host does not answer or the installer fails
 */
export async function runOfficialInstaller(
  tfjs: Tfjs,
  cache: string,
  note: Note,
  env: NodeJS.ProcessEnv,
): Promise<NativeParts> {
  const entry = await cacheEntry(cache, officialEntry(tfjs), async (folder) => {
    await Promise.all(hosts(tfjs, env).map(reach));
    note("downloading TensorFlow with tfjs-node's own installer");
    const copy = join(tfjs.folder, `.setup-${process.pid}`);
    const discard = () => rmSync(copy, { recursive: true, force: true });
    const keep = undoOnExit(discard);
    try {
      await install(tfjs, copy, env);
      for (const part of ["deps", "lib"]) move(join(copy, part), join(folder, part));
    } finally {
      discard();
      keep();
    }
  });
  return { deps: join(entry, "deps"), binding: join(entry, "lib", tfjs.label) };
}

async function install(tfjs: Tfjs, copy: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(copy);
  for (const part of ["package.json", "binding.gyp", "binding", "scripts"]) {
    if (existsSync(join(tfjs.folder, part)))
      cpSync(join(tfjs.folder, part), join(copy, part), { recursive: true });
  }
  const path = [...binFolders(copy), env.PATH ?? ""].join(delimiter);
  await runCommand(process.execPath, [join("scripts", "install.js")], {
    cwd: copy,
    env: { ...env, PATH: path },
    silence: SILENCE_LIMIT,
    growing: copy,
  });
  const binding = join(copy, "lib", tfjs.label, "tfjs_binding.node");
  if (!existsSync(binding) || readdirSync(join(copy, "deps")).length === 0)
    throw new Error("tfjs-node's own installer ended without an error, but its files are not there");
}

/** Every `node_modules/.bin` above a folder: the installer calls node-pre-gyp by name. */
function binFolders(folder: string): string[] {
  const parent = dirname(folder);
  const bin = join(folder, "node_modules", ".bin");
  return [...(existsSync(bin) ? [bin] : []), ...(parent === folder ? [] : binFolders(parent))];
}

function hosts(tfjs: Tfjs, env: NodeJS.ProcessEnv): string[] {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy;
  if (proxy) return [proxy];
  const { binary } = JSON.parse(readFileSync(join(tfjs.folder, "package.json"), "utf8"));
  const library = env.TFJS_NODE_BASE_URI ?? env.TFJS_NODE_CDN_STORAGE ?? env.CDN_STORAGE;
  return [library ?? "https://storage.googleapis.com/", binary.host];
}

/** Any answer will do: the installer then finds out itself whether the file is there. */
function reach(address: string): Promise<void> {
  const { origin, protocol } = new URL(address);
  return new Promise((settle, reject) => {
    const limit = setTimeout(() => fail("no answer within 5 s"), REACH_LIMIT);
    const request = (protocol === "http:" ? requestHttp : requestHttps)(
      origin,
      { method: "HEAD" },
      (response) => {
        clearTimeout(limit);
        response.resume();
        settle();
      },
    );
    const fail = (reason: string) => {
      clearTimeout(limit);
      request.destroy();
      reject(new Error(`tfjs-node's own download: ${origin} cannot be reached (${reason})`));
    };
    request.on("error", (error) => fail(error.message));
    request.end();
  });
}

/** The package and the cache may be on different file systems. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}
