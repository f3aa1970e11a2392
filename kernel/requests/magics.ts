import type { Diagnostic, NotebookName } from "../shared/compiler-messages.js";
import { MAGICS, type Magic, type MagicDescription, magicOfLine } from "../shared/magics.js";
import type { ErrorReport } from "../shared/session-messages.js";

/** What the kernel does for a magic. */
export type MagicStep =
  /** Runs a statement in the session. */
  | { readonly kind: "run"; readonly code: string }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "show"; readonly data: Readonly<Record<string, string>> }
  | { readonly kind: "fail"; readonly error: ErrorReport }
  | { readonly kind: "names" }
  | { readonly kind: "reset" };

/** Parts of a module that the kernel itself imports in a cell. */
const call = (call: string): string => `await (await import("rnnlab/magics")).${call}`;
const text = JSON.stringify;

/** The statements that measure the code of a cell with `%time`. */
export const CLOCK = { start: `${call("startClock()")};`, stop: `${call("stopClock()")};` };

/** The code of a cell with `%bench`, as one that runs it many times. */
export function benchOf(code: string): string {
  const kind = /\bawait\b/.test(code) ? "async " : "";
  return `${call(`bench(${kind}() => {`)}${code}\n});\nundefined;`;
}

/** What is wrong with code that runs as a cell, but not as a function. */
export function notInFunction({ evalue }: ErrorReport): ErrorReport {
  return magicError(
    `the code of %bench must be able to stand in a function, so it has no imports and exports: ${evalue}`,
  );
}

/** An error from code with `%bench`, without the frames of what has called that code. */
export function withoutBench(error: ErrorReport): ErrorReport {
  const first = error.traceback.findIndex((line) => /[\\/]magics[\\/]bench\.[jt]s\b/.test(line));
  return first === -1 ? error : { ...error, traceback: error.traceback.slice(0, first) };
}

/** What a magic shows of its text, as MIME types. */
const SHOWN: Readonly<Record<string, string>> = {
  html: "text/html",
  markdown: "text/markdown",
  javascript: "application/javascript",
};

/**
 * Finds what to do for a magic, before the code of its cell.
 *
 * @param folder - the notebook's folder
 */
export function stepFor({ name, argument, text: body }: Magic, folder: string): MagicStep {
  const description = MAGICS.get(name);
  if (description === undefined) {
    const known = [...MAGICS.keys()].map((each) => `%${each}`).join(", ");
    return failure(`There is no magic %${name}. There are ${known}`);
  }
  if (argument === "?") return { kind: "print", text: helpOf(description) };
  if (argument !== "" && !description.takesArgument)
    return failure(`%${name} must have nothing after it on its line, got ${argument}`);
  switch (name) {
    case "npm":
      if (argument === "") return failure("%npm must be followed by a command, as in %npm install zod");
      return { kind: "run", code: call(`npm(${text(argument)}, ${text(folder)})`) };
    case "bash":
      return { kind: "run", code: call(`bash(${text(body)})`) };
    case "writefile":
      return { kind: "run", code: call(`writeFile(${text(argument)}, ${text(body)})`) };
    case "lsmagic":
      return { kind: "print", text: [...MAGICS.values()].map(helpOf).join("") };
    case "replay":
      return failure("%replay must be alone in its cell");
    case "who":
      return { kind: "names" };
    case "reset":
      return { kind: "reset" };
  }
  const mime = SHOWN[name];
  if (mime !== undefined) return { kind: "show", data: { [mime]: body } };
  return { kind: "run", code: call(`${name}(${text(argument)})`) };
}

/** What is said of a magic. */
export const helpOf = ({ usage, summary }: MagicDescription): string => `${usage.padEnd(WIDTH)}${summary}\n`;
const WIDTH = Math.max(...[...MAGICS.values()].map(({ usage }) => usage.length)) + 2;

function magicError(evalue: string): ErrorReport {
  const ename = "MagicError";
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

const failure = (evalue: string): MagicStep => ({ kind: "fail", error: magicError(evalue) });

/** "Cannot find name …". */
const UNKNOWN_NAME = 2304;

/** Says of a magic that stands after code, where it is read as code, what is wrong with it. */
export function withMagicRemedies(report: ErrorReport, diagnostics: readonly Diagnostic[]): ErrorReport {
  const found = diagnostics.filter(({ syntax, code }) => syntax || code === UNKNOWN_NAME);
  const magic = found.map(({ text }) => magicOfLine(text)).find((each) => each !== undefined);
  if (magic === undefined) return report;
  const remedy = `${magic} is a magic only before the code of a cell`;
  return { ...report, evalue: `${report.evalue}\n${remedy}`, traceback: [...report.traceback, remedy] };
}

/** What `%who` writes of a name at most. */
const LONGEST_LINE = 200;

/** A name as it is first declared, in one line. Of one that stands for a module TypeScript says only which module. */
function lineOf({ name, signature }: NotebookName): string {
  const [first = name] = signature.split(/\n(?=\w)/);
  const line = first.startsWith("module ") ? `import ${name}` : first.replace(/\s+/g, " ");
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

/** What `%who` prints. */
export const listOf = (names: readonly NotebookName[]): string =>
  names.length === 0 ? "There are no names yet.\n" : names.map((each) => `${lineOf(each)}\n`).join("");
