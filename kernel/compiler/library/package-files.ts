import { existsSync } from "node:fs";
import ts from "typescript";
import { withoutAbsentGlobals } from "./absent-globals.js";
import { stampOf } from "./file-stamp.js";

interface PackageFile {
  readonly snapshot: ts.IScriptSnapshot | undefined;
  readonly version: string;
  /** What the file was when it was read; undefined where that is not known. */
  readonly stamp: string | undefined;
}

/** The version of all files that have not changed since they were first read: a start-up snapshot has some parsed already. */
const FIRST = "1";

/** The files of packages as they were read: they are looked at again only when they are renewed. */
export class PackageFiles {
  readonly #files = new Map<string, PackageFile>();

  version(name: string): string {
    return this.#files.get(name)?.version ?? FIRST;
  }

  snapshot(name: string): ts.IScriptSnapshot | undefined {
    return (this.#files.get(name) ?? this.#read(name, stampOf(name), FIRST)).snapshot;
  }

  /** Whether a file is no longer what it was when it was read. */
  hasChanged(name: string): boolean {
    const known = this.#files.get(name);
    return known !== undefined && this.#stamped(name, known) !== stampOf(name);
  }

  /** Reads again what has changed. */
  renew(): void {
    for (const [name, { stamp }] of this.#files) {
      const now = stampOf(name);
      if (now !== stamp) this.#read(name, now, now);
    }
  }

  /** Takes the files as they are for those that were read, when that was in another process. */
  forgetStamps(): void {
    for (const [name, file] of this.#files) this.#files.set(name, { ...file, stamp: undefined });
  }

  /** Looks at those files that were read in another process, so that a change from here on is found. */
  noteStamps(): void {
    for (const [name, file] of this.#files) this.#stamped(name, file);
  }

  #stamped(name: string, file: PackageFile): string {
    if (file.stamp !== undefined) return file.stamp;
    const stamp = stampOf(name);
    this.#files.set(name, { ...file, stamp });
    return stamp;
  }

  #read(name: string, stamp: string, version: string): PackageFile {
    const file = { snapshot: stamp === "" ? undefined : new PackageText(name), version, stamp };
    this.#files.set(name, file);
    return file;
  }
}

/**
 * The text of a file of a package, read when it is first asked for: of what a start-up snapshot has parsed already,
 * nobody asks for the text.
 */
class PackageText implements ts.IScriptSnapshot {
  readonly #name: string;
  #read: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get #text(): string {
    this.#read ??= textOf(this.#name) ?? "";
    return this.#read;
  }

  getText(start: number, end: number): string {
    return this.#text.slice(start, end);
  }

  getLength(): number {
    return this.#text.length;
  }

  getChangeRange(): undefined {
    return undefined;
  }
}

/** A file as it is now. */
export function snapshotOf(name: string): ts.IScriptSnapshot | undefined {
  const text = textOf(name);
  return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
}

function textOf(name: string): string | undefined {
  const text = existsSync(name) ? ts.sys.readFile(name) : undefined;
  return text === undefined ? undefined : withoutAbsentGlobals(name, text);
}
