import type ts from "typescript";
import { directivesOf } from "../syntax/declarations.js";

/**
 * Which type errors stop a cell: all that is found, or what is found with the strict options off. Those that do not stop it
 * are shown below it.
 */
export type Strictness = "strict" | "loose";

/** The options that `strict` stands for. */
const STRICT_FLAGS = [
  "noImplicitAny",
  "noImplicitThis",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
] as const satisfies readonly (keyof ts.CompilerOptions)[];

const ALL_OFF: ts.CompilerOptions = Object.fromEntries(
  ["strict", ...STRICT_FLAGS].map((flag) => [flag, false]),
);

/** How strict a folder is with its cells. */
export interface FolderStrictness {
  readonly strictness: Strictness;
  /** The strict options with which everything is checked, completed and described. */
  readonly checked: ts.CompilerOptions;
  /** The strict options with which it is decided what stops a cell that is checked loosely. */
  readonly loose: ts.CompilerOptions;
}

const OFF = /^(?:0|false|no|off)$/i;

/**
 * @param project - the options of the folder's tsconfig, if it has one
 * @param asked - the environment's variable `RNNLAB_STRICT`
 */
export function strictnessOf(project: ts.CompilerOptions, asked: string | undefined): FolderStrictness {
  const { strict } = project;
  const checked = { strict: strict ?? true };
  if (asked && OFF.test(asked)) return { strictness: "loose", checked, loose: ALL_OFF };
  if (asked) return { strictness: "strict", checked: { strict: true }, loose: ALL_OFF };
  // Single options that a tsconfig switches on stay on.
  return { strictness: strict === undefined ? "loose" : "strict", checked, loose: { strict: false } };
}

/** What a cell's own `// @rnnlab strict` at its start asks for. */
export const STRICT: ts.CompilerOptions = { strict: true };

const REQUEST = /@rnnlab\b\s*(.*)$/;

/** What the comments `// @rnnlab …` at the start of a cell ask for. */
const requestsOf = (source: string): string[] =>
  directivesOf(source).flatMap((directive) => REQUEST.exec(directive)?.[1]?.trim() ?? []);

export const asksForStrict = (source: string): boolean =>
  requestsOf(source).some((request) => /^strict\b/.test(request));

/** What is to be told of requests that the kernel does not know. */
export function unknownRequests(source: string): string[] {
  const unknown = requestsOf(source).filter((request) => !/^strict\b/.test(request));
  return unknown.map(
    (request) => `Cannot follow the comment "// @rnnlab ${request}": it must be "// @rnnlab strict"`,
  );
}
