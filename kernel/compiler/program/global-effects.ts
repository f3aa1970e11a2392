import ts from "typescript";

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface InnerProgram extends ts.Program {
  /** Why each file is in the program: `file` is the path of the one that asks for it, none where the options do. */
  getFileIncludeReasons(): Map<string, readonly { readonly kind: number; readonly file?: string }[]>;
}
interface InnerFile extends ts.SourceFile {
  readonly path: string;
  readonly moduleAugmentations: readonly ts.Node[];
  readonly symbol?: ts.Symbol;
}

/**
 * Whether all that counts everywhere in a program, whoever has imported it, is there by the imports of some cells.
 *
 * @param program - made with a file of imports
 * @param roots - the name of that file
 * @param targets - the files that the imports of the cells mean
 */
export function affectsOnly(program: ts.Program, roots: string, targets: ReadonlySet<string>): boolean {
  const files = program.getSourceFiles() as readonly InnerFile[];
  const inProgram = new Set(files.map(({ fileName }) => fileName));
  if ([...targets].some((target) => isDeclared(target) && !inProgram.has(target))) return false;
  const reached = reachedFrom(program as InnerProgram, roots, targets);
  return files.every((file) => reached.has(file.path) || !countsEverywhere(file));
}

/** JavaScript without types never becomes a part of the program. */
const isDeclared = (target: string): boolean => /\.[cm]?tsx?$/.test(target);

/** The paths of what the program would have without the other imports. */
function reachedFrom(program: InnerProgram, roots: string, targets: ReadonlySet<string>): Set<string> {
  const start = program.getSourceFile(roots) as InnerFile | undefined;
  const asked = new Map<string, string[]>();
  const reached = new Set<string>();
  for (const [path, reasons] of program.getFileIncludeReasons()) {
    for (const { file } of reasons) {
      if (file === undefined) reached.add(path);
      else if (file !== start?.path) {
        const others = asked.get(file) ?? [];
        others.push(path);
        asked.set(file, others);
      }
    }
  }
  for (const target of targets) {
    const file = program.getSourceFile(target) as InnerFile | undefined;
    if (file !== undefined) reached.add(file.path);
  }
  for (const path of reached) {
    for (const other of asked.get(path) ?? []) reached.add(other);
  }
  return reached;
}

/** Whether a file adds to the global scope or to other modules. */
function countsEverywhere(file: InnerFile): boolean {
  return (
    !ts.isExternalModule(file) ||
    file.moduleAugmentations.length > 0 ||
    (file.symbol?.globalExports?.size ?? 0) > 0
  );
}
