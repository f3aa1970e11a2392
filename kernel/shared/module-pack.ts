import type { Buffer } from "node:buffer";
import { constants, Script } from "node:vm";

/** How the names of the cache entries with packs begin: `entryPrefix()`. */
export const PACK = "modules";
/** The file of a pack that says where each module is, as the JSON of a {@link PackIndex}. */
export const INDEX_FILE = "index.json";
/** The file of a pack with the compiled code of each module, and after that its text. */
export const CODE_FILE = "modules.code";

/** Where a module is in a pack. */
export interface PackedModule {
  /** Where it begins in the file. */
  readonly at: number;
  /** How long V8's code cache is, in bytes. */
  readonly code: number;
  /** How long the text of the script is, in bytes. */
  readonly text: number;
  /** Whether the text has a byte for each character. */
  readonly ascii: boolean;
  /** The files that its relative requests mean. */
  readonly requests: Readonly<Record<string, string>>;
}

/** What opens TensorFlow's library ahead. */
export interface LibraryAhead {
  /** The addon that does (`src/native/library-loader.cc`), an absolute path. */
  readonly addon: string;
  /** The library, where tfjs-node's binding looks for it. */
  readonly library: string;
}

/** What a pack says of itself. */
export interface PackIndex {
  /** By their absolute paths. */
  readonly modules: Readonly<Record<string, PackedModule>>;
  /** None where set-up has not built it. */
  readonly ahead?: LibraryAhead;
}

/** A CommonJS module's text as a function. */
export type ModuleFunction = (
  exports: unknown,
  require: unknown,
  module: unknown,
  filename: string,
  folder: string,
) => void;

/** What stands before a module's text in its script, on the same line. */
export const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
/** What stands after it. */
export const TAIL = "\n})";

/**
 * Compiles a CommonJS module's text with {@link HEAD} and {@link TAIL}. Unlike a function that Node compiles, a script gives
 * its code for the cache after it has run, with all functions that were called.
 *
 * @param code - what V8 has compiled of the same text before
 */
export function moduleScript(text: string, filename: string, code?: Buffer): Script {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const options = { filename, columnOffset: -HEAD.length, importModuleDynamically };
  return new Script(text, code === undefined ? options : { ...options, cachedData: code });
}
