import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";

/** The folders of the project that have code. */
const FOLDERS = ["cli", "kernel", "scripts", "setup", "src", "test", "tools"];

/**
 * Finds everything in the folders with code.
 *
 * @returns paths from the project's folder, with slashes
 */
export function sourceFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name).split(sep).join("/"),
    ),
  );
}

/**
 * Reads the project's TypeScript.
 *
 * @returns the text of each file, by its path as {@link sourceFiles} gives it
 */
export function readSources(): Map<string, string> {
  return readFiles(/\.ts$/);
}

/**
 * Reads the project's plain JavaScript, which builds and loads what is compiled.
 *
 * @returns the text of each file, by its path
 */
export function readScripts(): Map<string, string> {
  return readFiles(/\.[cm]js$/);
}

function readFiles(name: RegExp): Map<string, string> {
  const paths = sourceFiles().filter((path) => name.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(packageRoot, path), "utf8")]));
}
