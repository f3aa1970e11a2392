import type ts from "typescript";
import { keepInlineDocumentation } from "./inline-documentation.js";

/** What TypeScript makes of a cell. */
export interface Emitted {
  readonly javascript: string;
  readonly sourceMap: string;
}

type Outputs = ReadonlyMap<string, string>;

function emit(
  program: ts.Program,
  file: ts.SourceFile,
  onlyTypes: boolean,
  after: readonly ts.TransformerFactory<ts.SourceFile>[],
): Outputs {
  const outputs = new Map<string, string>();
  const base = file.fileName.replace(/[jt]sx?$/, "");
  const write = (path: string, text: string): void => void outputs.set(path.slice(base.length), text);
  const afterDeclarations = [keepInlineDocumentation];
  program.emit(file, write, undefined, onlyTypes, { after: [...after], afterDeclarations });
  return outputs;
}

/** The declarations of a cell; undefined where they cannot be written down: then TypeScript emits none. */
const declarationsIn = (outputs: Outputs): string | undefined => outputs.get("d.ts");

/** Emits the declarations of a cell alone: one that must not run. */
export function emitDeclarations(program: ts.Program, file: ts.SourceFile): string | undefined {
  return declarationsIn(emit(program, file, true, []));
}

/**
 * Emits a cell.
 *
 * @param transformer - the last step
 */
export function emitCell(
  program: ts.Program,
  file: ts.SourceFile,
  transformer: ts.TransformerFactory<ts.SourceFile>,
): { readonly emitted: Emitted; readonly declarations: string | undefined } {
  const outputs = emit(program, file, false, [transformer]);
  const javascript = outputs.get("js");
  const sourceMap = outputs.get("js.map");
  if (javascript === undefined || sourceMap === undefined)
    throw new Error("Cannot compile the cell: nothing emitted");
  return {
    emitted: { javascript: javascript.replace(/\/\/# sourceMappingURL=.*\s*$/, ""), sourceMap },
    declarations: declarationsIn(outputs),
  };
}
