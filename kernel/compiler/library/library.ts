import { globals } from "./globals.js";
import { libraryFiles } from "./library-files.js";

/** The library that cells are checked with, as the Node.js that runs them has it. */
export interface Library {
  /** The names of TypeScript's files. */
  readonly files: readonly string[];
  /** Declares what cells have besides what the types of TypeScript and Node.js know. */
  readonly globals: string;
}

/** What was told instead of asked. */
let told: Library | undefined;

/** Asked when a compiler starts. */
export const library = (): Library => told ?? { files: libraryFiles(), globals: globals() };

/**
 * Does something where Node.js is not whole, as where a start-up snapshot is made.
 *
 * @param whole - the library of a Node.js that is
 */
export function withLibrary(whole: Library, work: () => void): void {
  told = whole;
  try {
    work();
  } finally {
    told = undefined;
  }
}
