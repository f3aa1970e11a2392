import ts from "typescript";

/**
 * The major version of Node.js from which on a global variable is there without a flag. What is asked for here is not what
 * is there: a start-up snapshot is made where Node.js is not whole.
 */
const SINCE: Readonly<Record<string, number>> = {
  WebSocket: 22,
  AsyncDisposableStack: 24,
  DisposableStack: 24,
  SuppressedError: 24,
  Storage: 25,
  localStorage: 25,
  sessionStorage: 25,
  EventSource: Number.POSITIVE_INFINITY,
  // Modules have these, cells have not.
  exports: Number.POSITIVE_INFINITY,
  module: Number.POSITIVE_INFINITY,
};

const major = Number.parseInt(process.versions.node, 10);
const absent = Object.keys(SINCE).filter((name) => (SINCE[name] ?? 0) > major);

/** The files of TypeScript's and Node's types that declare such variables. */
const FILES =
  /[\\/](?:lib\.esnext\.disposable|(?:types-node-\d+|@types[\\/]node)[\\/](?:globals|module|web-globals[\\/][\w-]+))\.d\.ts$/;

/**
 * The text of a file of types with blanks in place of the global variables that this Node.js has not: a cell that uses
 * one is told so before it runs.
 */
export function withoutAbsentGlobals(file: string, text: string): string {
  if (!FILES.test(file)) return text;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  let rest = text;
  const visit = (statements: readonly ts.Statement[], isGlobal: boolean): void => {
    for (const statement of statements) {
      if (ts.isModuleDeclaration(statement)) {
        const { body, flags } = statement;
        if (body !== undefined && ts.isModuleBlock(body))
          visit(body.statements, (flags & ts.NodeFlags.GlobalAugmentation) !== 0);
      } else if (isGlobal && ts.isVariableStatement(statement)) {
        const names = statement.declarationList.declarations.map(({ name }) => name.getText(source));
        if (!names.every((name) => absent.includes(name))) continue;
        const start = statement.getStart(source);
        const { end } = statement;
        rest = rest.slice(0, start) + rest.slice(start, end).replace(/[^\n]/g, " ") + rest.slice(end);
      }
    }
  };
  visit(source.statements, !ts.isExternalModule(source));
  return rest;
}
