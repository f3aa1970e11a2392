import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NODE_TYPES_INDEX } from "./node-types.js";

const FOLDER = dirname(NODE_TYPES_INDEX);

/** The files with modules of Node.js that few notebooks import and no other file needs: a fifth of its types. */
const SELDOM =
  /^(?:cluster|http2|inspector(?:\.generated|\/promises)?|quic|repl|sqlite|test(?:\/reporters)?)\.d\.ts$/;

/** The lines of the file that declares all of Node.js. */
const LINES = readFileSync(NODE_TYPES_INDEX, "utf8").split("\n");
const referenced = (line: string): string => /^\/\/\/ <reference path="(.+)" \/>/.exec(line)?.[1] ?? "";

/** What declares Node.js without its seldom modules: a file that nobody has written. */
export const COMMON_NODE_TYPES = {
  name: join(FOLDER, "index.common.d.ts"),
  text: LINES.filter((line) => !SELDOM.test(referenced(line))).join("\n"),
} as const;

/** The files of the seldom modules, by what they are imported as. */
export const SELDOM_MODULES: ReadonlyMap<string, string> = new Map(
  LINES.map(referenced)
    .filter((path) => SELDOM.test(path))
    .map((path) => join(FOLDER, path))
    .flatMap((file) => declaredIn(file).map((module) => [module, file] as const)),
);

/** Names all modules of Node.js, without needing them. */
const OVERVIEW = join(FOLDER, "process.d.ts");

/** The file of a seldom module that a file imports; nothing for any other. */
export function seldomModule(specifier: string, containingFile: string): string | undefined {
  const file = SELDOM_MODULES.get(specifier);
  // TypeScript writes paths with slashes, on Windows, too.
  return file === undefined || resolve(containingFile) === OVERVIEW ? undefined : file;
}

function declaredIn(file: string): string[] {
  const declarations = readFileSync(file, "utf8").matchAll(/^declare module ["'](.+)["']/gm);
  return Array.from(declarations, ([, module = ""]) => module);
}
