import ts from "typescript";
import type { Strictness } from "../project/strictness.js";

/** What is wrong with the types in a file. */
export interface Findings {
  /** What keeps the cell from running. */
  readonly stops: readonly ts.Diagnostic[];
  /** What the person is told of a cell that runs all the same. */
  readonly shown: readonly ts.Diagnostic[];
}

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface InnerChecker extends ts.TypeChecker {
  getDiagnostics(file: ts.SourceFile): ts.Diagnostic[];
}
interface InnerProgram extends ts.Program {
  getResolvedModule(
    file: ts.SourceFile,
    specifier: string,
    mode: ts.ResolutionMode,
  ): { readonly resolvedModule?: ts.ResolvedModuleFull } | undefined;
}
interface InnerFile extends ts.SourceFile {
  readonly bindDiagnostics: readonly ts.Diagnostic[];
  /** The comments by which TypeScript is to ignore the next line. */
  readonly commentDirectives?: readonly { readonly range: ts.TextRange }[];
  /** What its comment `// @ts-nocheck` or `// @ts-check` says. */
  readonly checkJsDirective?: { readonly enabled: boolean };
}
const inner = ts as unknown as { createTypeChecker(host: ts.Program): InnerChecker };

/** The file of a cell that a checker is to see in place of the one that an import means; undefined for any other file. */
type CellFile = (specifier: string) => ts.ResolvedModuleFull | undefined;

/** The checkers of a program besides its own, by the options that they have instead. */
const others = new WeakMap<ts.Program, Map<ts.CompilerOptions, InnerChecker>>();

/**
 * A second checker over the files of a program. Binding a file does not depend on strict options, so the two can share
 * everything but the types. It is made when it is first asked for: most cells have nothing wrong with them.
 */
function checkerWith(program: InnerProgram, changes: ts.CompilerOptions, cellFile: CellFile): InnerChecker {
  const known = others.get(program) ?? new Map<ts.CompilerOptions, InnerChecker>();
  others.set(program, known);
  const checker = known.get(changes) ?? newChecker(program, changes, cellFile);
  known.set(changes, checker);
  return checker;
}

function newChecker(program: InnerProgram, changes: ts.CompilerOptions, cellFile: CellFile): InnerChecker {
  const options = { ...program.getCompilerOptions(), ...changes };
  const getResolvedModule: InnerProgram["getResolvedModule"] = (file, specifier, mode) => {
    const resolvedModule = cellFile(specifier);
    return resolvedModule ? { resolvedModule } : program.getResolvedModule(file, specifier, mode);
  };
  const view: ts.Program = Object.create(program, {
    getCompilerOptions: { value: () => options },
    getResolvedModule: { value: getResolvedModule },
  });
  return inner.createTypeChecker(view);
}

/**
 * What is wrong with a file of a program under other options than the program's.
 *
 * @param changes - the other options: the same object for the same ones
 * @param cellFile - what an import of a cell means to that check
 */
export function diagnosticsWith(
  program: ts.Program,
  file: ts.SourceFile,
  changes: ts.CompilerOptions,
  cellFile: CellFile,
): ts.Diagnostic[] {
  if (!isChecked(file, program.getCompilerOptions())) return [...program.getSemanticDiagnostics(file)];
  const { bindDiagnostics } = file as InnerFile;
  const found = [
    ...bindDiagnostics,
    ...checkerWith(program as InnerProgram, changes, cellFile).getDiagnostics(file),
  ];
  const ignored = ignoredLines(file);
  return found.filter(({ start = 0 }) => !ignored.has(file.getLineAndCharacterOfPosition(start).line));
}

/** Whether TypeScript looks at the types in a file: else a checker would find what nobody is to be told. */
function isChecked(file: ts.SourceFile, { checkJs = false }: ts.CompilerOptions): boolean {
  const isJavaScript = (file.flags & ts.NodeFlags.JavaScriptFile) !== 0;
  return (file as InnerFile).checkJsDirective?.enabled ?? (!isJavaScript || checkJs);
}

/** The lines that a comment above them tells TypeScript to ignore. */
function ignoredLines(file: ts.SourceFile): Set<number> {
  const lines = new Set<number>();
  for (const { range } of (file as InnerFile).commentDirectives ?? []) {
    let line = file.getLineAndCharacterOfPosition(range.end).line + 1;
    const starts = file.getLineStarts();
    const isBlank = (text: string): boolean => /^\s*(?:\/\/.*)?$/.test(text);
    while (line < starts.length - 1 && isBlank(file.text.slice(starts[line], starts[line + 1]).trimEnd())) {
      line++;
    }
    lines.add(line);
  }
  return lines;
}

/**
 * Decides what stops a cell.
 *
 * Some types mean something else with the strict options off, and so errors come up that strict code has not: an error
 * counts where the strict check has found something wrong with the same statement.
 *
 * @param found - what is wrong with a file under the program's own options
 * @param loosely - finds what is wrong with it with the strict options off
 */
export function findingsOf(
  file: ts.SourceFile,
  found: readonly ts.Diagnostic[],
  strictness: Strictness,
  loosely: () => readonly ts.Diagnostic[],
): Findings {
  if (found.length === 0 || strictness === "strict") return { stops: found, shown: [] };
  const wrong = new Set(found.map((diagnostic) => statementAt(file, diagnostic)));
  const stops = loosely().filter((diagnostic) => wrong.has(statementAt(file, diagnostic)));
  return stops.length > 0 ? { stops, shown: [] } : { stops, shown: found };
}

/** The smallest statement at the start of what is wrong. */
function statementAt(file: ts.SourceFile, { start = 0 }: ts.Diagnostic): ts.Node {
  let smallest: ts.Node = file;
  const visit = (node: ts.Node): void => {
    if (start < node.pos || start >= node.end) return;
    if (ts.isStatement(node)) smallest = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return smallest;
}
