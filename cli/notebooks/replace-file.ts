import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf } from "../../src/platform/message-of.js";

/**
 * Replaces a file as a whole: readers see the old one or the new one. A link stays a link, and the file keeps its mode.
 * What is no file, such as a pipe, is written as it stands.
 *
 * @param path - of the file
 * @param pieces - the new text: a long one in pieces, as V8 has a longest string
 * @throws {Error} when it cannot be written; what was there is kept
 */
export function replaceFile(path: string, pieces: Iterable<string>): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throughDraft(path, pieces);
    else if (stats.isFile()) throughDraft(realpathSync(path), pieces, stats.mode);
    else writeTo(path, "w", pieces);
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${messageOf(cause)}`, { cause });
  }
}

function throughDraft(path: string, pieces: Iterable<string>, mode?: number): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.saving`);
  try {
    writeTo(draft, "wx", pieces, mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeTo(path: string, flags: string, pieces: Iterable<string>, mode?: number): void {
  const file = openSync(path, flags, mode);
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
    // A disk may tell only now that it is full; and a pipe has no disk.
    if (statSync(path).isFile()) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
