import ts from "typescript";
import type { Diagnostic } from "../../shared/compiler-messages.js";
import { library } from "../library/library.js";
import { isNelName, NEL_GLOBALS } from "../library/nel-globals.js";
import { rulesFor } from "../project/options.js";
import { declarationsOf } from "../syntax/declarations.js";
import { isGlobalName } from "../syntax/global-names.js";
import { commentsOf, identifiersOf } from "../syntax/identifiers.js";
import { isJsxCell } from "../syntax/jsx.js";
import { isSloppy, syntaxErrorsOf } from "../syntax/syntax-errors.js";
import { addUndeclared, declaringUndeclared, undeclaredOf } from "../syntax/undeclared-names.js";
import type { CellLanguage } from "./cell-language.js";

/**
 * Cells in plain JavaScript: only what is no JavaScript stops them. The type checker infers what it can, with the help of
 * JSDoc, for completion and documentation.
 */
export const javascriptCells: CellLanguage = {
  rulesFor(project) {
    // With `checkJs: false` TypeScript would not even find what is wrong without types.
    const { checkJs: _, ...options } = rulesFor(project).options;
    const own: ts.CompilerOptions = {
      strict: false,
      noImplicitAny: false,
      declaration: false,
      // The emitted script has the name of the cell, and is written to no file.
      suppressOutputPathCheck: true,
    };
    return { options: { ...options, ...own }, strictness: "strict", loose: {} };
  },
  asksForStrict: () => false,
  globals: () => library().globals + NEL_GLOBALS + [...MODULE.values()].join("\n"),
  readable: withoutHtmlComments,
  parse: parseJavaScript,
  extensionOf: (file) => (isJsxCell(file) ? ".jsx" : ".js"),
  declarationsOf(file, isKnown) {
    const declared = declarationsOf(file);
    for (const name of typedefsOf(file)) {
      // The binder exports them by itself.
      declared.set(name, { value: declared.get(name)?.value, type: true, exported: true, ambient: false });
    }
    addUndeclared(declared, file, (name) => isKnown(name) || isNelName(name) || MODULE.has(name));
    return declared;
  },
  prelude(file, declared) {
    const used = identifiersOf(file);
    const ofModule = [...MODULE].filter(([name]) => used.has(name) && !declared.has(name));
    return variables(undeclaredOf(declared)) + ofModule.map(([, declaration]) => declaration).join("");
  },
  stops: ({ code }) => !isSloppy(code),
  checksModulesOf: () => false,
  present(diagnostic) {
    const remedy = isAboutTypeScript(diagnostic) ? '\nThe kernel "TypeScript (rnnlab)" runs such cells' : "";
    return { ...diagnostic, message: diagnostic.message + remedy, code: undefined, syntax: true };
  },
  // Packages see a notebook's `document` as they do in a script; JavaScript's own names stay what they are.
  hides: (name) => isGlobalName(name) || MODULE.has(name),
  provides: (name) => MODULE.has(name),
  mayAssignConstants: () => true,
  isPlain: true,
  surface(header, source, declared) {
    const names = undeclaredOf(declared);
    return header.replace(variables(names), "") + declaringUndeclared(parseJavaScript(source), names);
  },
  practice: [
    "const n = Number(process.version.length);\nn + 1",
    "function double(x) {\n  return 2 * x;\n}\n[1, 2, 3].map(double)",
    "class Point {\n  constructor(x, y = 0) {\n    this.x = x;\n    this.y = y;\n  }\n}\nconsole.log(new Point(1).x);",
    'var path = require("path");\nfor (name of ["a", "b"]) console.log(path.join("folder", name));',
    "function Row(name) {\n  this.name = name;\n}\nRow.prototype.show = function () { return this.name; };\nvar rows = await Promise.resolve([]);\nrows.length",
  ],
};

/**
 * What a script of Node's has that is the cells' alone: packages ask by these names what kind of module they are. The types
 * are those of Node's own declarations.
 */
const MODULE: ReadonlyMap<string, string> = new Map([
  ["module", "declare var module: NodeJS.Module; "],
  ["exports", "declare var exports: any; "],
]);

const variables = (names: readonly string[]): string =>
  names.length === 0 ? "" : `var ${names.join(", ")}; `;

/** Whether something is wrong because it is TypeScript, as the numbers from 8000 on say. */
const isAboutTypeScript = ({ code = 0 }: Diagnostic): boolean => code >= 8000 && code < 9000;

function parseJavaScript(source: string): ts.SourceFile {
  return ts.createSourceFile("cell.js", source, ts.ScriptTarget.ES2022, true);
}

/** The types that JSDoc comments define. */
function typedefsOf(file: ts.SourceFile): string[] {
  const names: string[] = [];
  for (const node of [...file.statements, file.endOfFileToken]) {
    for (const tag of commentsOf(node).flatMap(({ tags = [] }) => [...tags])) {
      const isType = ts.isJSDocTypedefTag(tag) || ts.isJSDocCallbackTag(tag);
      if (isType && tag.name !== undefined && ts.isIdentifier(tag.name)) names.push(tag.name.text);
    }
  }
  return names;
}

const HTML_COMMENT = /^([ \t]*)(?:<!--|-->)/;

/**
 * Scripts may have `<!--` and, at the start of a line, `-->` in the place of `//`, which TypeScript does not know. Only
 * the lines on which its parser gives up are looked at: in a template both are text.
 */
function withoutHtmlComments(source: string): string {
  let readable = source;
  for (;;) {
    const [first] = syntaxErrorsOf(parseJavaScript(readable));
    if (first?.start === undefined) return readable;
    const start = readable.slice(0, first.start).lastIndexOf("\n") + 1;
    const line = readable.slice(start);
    if (!HTML_COMMENT.test(line)) return readable;
    const commented = line.replace(HTML_COMMENT, (marker, indent: string) =>
      `${indent}//`.padEnd(marker.length),
    );
    readable = readable.slice(0, start) + commented;
  }
}
