import { randomUUID } from "node:crypto";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { exclusively } from "../platform/exclusive.js";
import { isAlive } from "../platform/file-lock.js";

/*
 * Files and folders are replaced so that readers see the old or the new, never a part, and that a writer may be killed at
 * any moment. Writers take turns. Each cleans up what a killed one has left: under the lock nobody else is at work.
 */

/** The end of the names under which files are prepared. */
const DRAFT = ".saving";
/** A name for a while, see {@link replaceFolder}. */
const PASSING = /-[0-9a-f]{32}\.\w+$/;
/** What a lock is made of. */
const LOCK_DRAFT = /^\..*\.lock\.(\d+)$/;
const identity = (name: string): string => name;
const newId = (): string => randomUUID().replaceAll("-", "");

/** What a folder holds besides the files that its index lists. */
export interface IndexedFiles {
  /** By name, each with an extension. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Name of the index. */
  readonly index: string;
  /** Text of the index: it must name each file as `nameOf` does. */
  readonly indexText: (nameOf: (file: string) => string) => string;
  /** Which files an old folder may have besides, from the text of its index. */
  readonly outdated: (oldIndex: string) => readonly string[];
}

/**
 * Replaces a file as a whole.
 *
 * @param path - of the file; its folder is made
 * @param bytes - the new content
 * @throws {Error} when it cannot be written; what was there is kept
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await saving(path, () =>
    besides(path, async (draft) => {
      await writeFile(draft, bytes);
      await rename(draft, path);
    }),
  );
}

/**
 * Replaces the files of a folder, all at once: when its index is renamed into place. Until then the new ones have names
 * of their own; after that they get their proper names, while the index names both, one after the other.
 *
 * @param folder - its path; made if it is not there
 * @param content - the new files and their index
 * @throws {Error} when it cannot be written; what was there is kept
 */
export async function replaceFolder(folder: string, content: IndexedFiles): Promise<void> {
  await saving(folder, async () => {
    if (!(await exists(folder)) && (await makeFolder(folder, content))) return;
    await exclusively(join(folder, `${DRAFT}.lock`), () => replaceWithin(folder, content));
  });
}

/** Makes a new folder; false if another writer was faster. */
async function makeFolder(folder: string, { files, index, indexText }: IndexedFiles): Promise<boolean> {
  return await besides(folder, async (draft) => {
    if (await exists(folder)) return false;
    await mkdir(draft);
    for (const [name, bytes] of files) await writeFile(join(draft, name), bytes);
    await writeFile(join(draft, index), indexText(identity));
    await rename(draft, folder);
    return true;
  });
}

async function replaceWithin(
  folder: string,
  { files, index, indexText, outdated }: IndexedFiles,
): Promise<void> {
  const inside = (name: string): string => join(folder, name);
  const old = (await exists(inside(index))) ? await readFile(inside(index), "utf8") : "";
  await clean(folder, (name) => name.endsWith(DRAFT) || (PASSING.test(name) && !old.includes(name)));
  const id = newId();
  const passing = (name: string): string => `${basename(name, extname(name))}-${id}${extname(name)}`;
  const commit = async (nameOf: (file: string) => string): Promise<void> => {
    const draft = inside(`.${index}.${id}${DRAFT}`);
    await writeFile(draft, indexText(nameOf));
    await rename(draft, inside(index));
  };
  for (const [name, bytes] of files) await writeFile(inside(passing(name)), bytes);
  await commit(passing);
  for (const name of files.keys()) {
    const draft = inside(`.${name}.${id}${DRAFT}`);
    await duplicate(inside(passing(name)), draft);
    await rename(draft, inside(name));
  }
  for (const name of outdated(old)) if (!files.has(name)) await rm(inside(name), { force: true });
  await commit(identity);
  await clean(folder, (name) => PASSING.test(name));
}

/** Works on a draft beside a path that gets its name in the end. */
async function besides<Result>(path: string, work: (draft: string) => Promise<Result>): Promise<Result> {
  const [parent, prefix] = [dirname(path), `.${basename(path)}.`];
  return await exclusively(join(parent, `${prefix}lock`), async () => {
    await clean(parent, (name) => name.startsWith(prefix) && name.endsWith(DRAFT));
    const draft = join(parent, `${prefix}${newId()}${DRAFT}`);
    try {
      return await work(draft);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
}

/** Removes what killed writers have left, what they were about to lock with included. */
async function clean(folder: string, isLitter: (name: string) => boolean): Promise<void> {
  const isDead = (name: string): boolean => {
    const pid = LOCK_DRAFT.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  };
  for (const name of await readdir(folder)) {
    if (isLitter(name) || isDead(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** A second name for a file where the file system has such, else a copy. */
async function duplicate(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // The copy fails, too, where the link did not fail for being a link.
    await copyFile(from, to);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function saving(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`Cannot save model: ${path} must be writable, got ${message}`, { cause });
  }
}
