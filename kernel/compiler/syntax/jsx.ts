import ts from "typescript";
import { syntaxErrorsOf } from "./syntax-errors.js";

/** Packages with elements of their own, in the order in which they are looked for. */
const LIBRARIES = ["react", "preact"];

/**
 * Parses a cell as TypeScript or, where only that makes sense of it, as TypeScript with JSX: in the former `<T>x` is a
 * type assertion, which the latter does not have.
 */
export function parseCell(source: string): ts.SourceFile {
  const parse = (name: string): ts.SourceFile =>
    ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true);
  const plain = parse("cell.ts");
  if (syntaxErrorsOf(plain).length === 0) return plain;
  const withElements = parse("cell.tsx");
  const isBetter =
    firstMistake(withElements) > firstMistake(plain) && firstElement(withElements) !== undefined;
  return isBetter ? withElements : plain;
}

/** How far a text makes sense. */
function firstMistake(file: ts.SourceFile): number {
  return Math.min(...syntaxErrorsOf(file).map(({ start = 0 }) => start));
}

/** Whether a cell is one with JSX. */
export function isJsxCell(file: ts.SourceFile): boolean {
  return file.languageVariant === ts.LanguageVariant.JSX && firstElement(file) !== undefined;
}

function firstElement(node: ts.Node): ts.Node | undefined {
  if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return node;
  return ts.forEachChild(node, firstElement);
}

/** What a cell with elements lacks where there is no library for them. */
export function missingLibrary(file: ts.SourceFile, options: ts.CompilerOptions): ts.Diagnostic {
  const { jsxImportSource } = options;
  const names = jsxImportSource ?? LIBRARIES.join(" or ");
  const install = jsxImportSource ?? "react react-dom @types/react";
  const start = firstElement(file)?.getStart(file) ?? 0;
  return {
    file,
    category: ts.DiagnosticCategory.Error,
    code: 2875,
    messageText: `This cell has JSX, which needs ${names} in the notebook's folder. Run there: npm install ${install}`,
    start,
    length: 1,
  };
}

/** How elements are compiled where the notebook's tsconfig does not say it: by the functions of the library that is there. */
export function jsxOptions(
  options: ts.CompilerOptions,
  isFound: (specifier: string) => boolean,
): ts.CompilerOptions | undefined {
  if (options.jsx !== ts.JsxEmit.Preserve) return {};
  const sources = options.jsxImportSource === undefined ? LIBRARIES : [options.jsxImportSource];
  const jsxImportSource = sources.find((source) => isFound(`${source}/jsx-runtime`));
  return jsxImportSource === undefined ? undefined : { jsx: ts.JsxEmit.ReactJSX, jsxImportSource };
}

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
const inner = ts as unknown as {
  getJSXImplicitImportBase(options: ts.CompilerOptions, file: ts.SourceFile): string | undefined;
  getJSXRuntimeImport(base: string | undefined, options: ts.CompilerOptions): string | undefined;
  setParent(child: ts.Node, parent: ts.Node): void;
};

/** The import that elements need though nobody has written it: the type checker looks for it in front of all others. */
export function implicitImport(
  file: ts.SourceFile,
  options: ts.CompilerOptions,
): ts.StringLiteral | undefined {
  if (!isJsxCell(file)) return undefined;
  const specifier = inner.getJSXRuntimeImport(inner.getJSXImplicitImportBase(options, file), options);
  if (specifier === undefined) return undefined;
  const literal = ts.factory.createStringLiteral(specifier);
  const declaration = ts.factory.createImportDeclaration(undefined, undefined, literal);
  inner.setParent(literal, declaration);
  inner.setParent(declaration, file);
  return literal;
}
