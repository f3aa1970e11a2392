import type ts from "typescript";
import { keepInlineDocumentation } from "./inline-documentation.js";

/** What TypeScript makes of a cell. */
export interface Emitted {
  readonly javascript: string;
  readonly sourceMap: string;
}

type Outputs = ReadonlyMap<string, string>;

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface InnerProgram {
  emit(
    file: ts.SourceFile,
    write: (path: string, text: string) => void,
    cancellation: undefined,
    only: typeof JAVASCRIPT | typeof DECLARATIONS,
    transformers: ts.CustomTransformers,
  ): ts.EmitResult;
}
const JAVASCRIPT = 0;
const DECLARATIONS = 1;

function emit(
  program: ts.Program,
  file: ts.SourceFile,
  part: typeof JAVASCRIPT | typeof DECLARATIONS,
  transformers: ts.CustomTransformers,
): Outputs {
  const outputs = new Map<string, string>();
  const base = file.fileName.replace(/[jt]sx?$/, "");
  const write = (path: string, text: string): void => void outputs.set(path.slice(base.length), text);
  (program as unknown as InnerProgram).emit(file, write, undefined, part, transformers);
  return outputs;
}

/** The declarations of a cell; undefined where they cannot be written down: then TypeScript emits none. */
export const emitDeclarations = (program: ts.Program, file: ts.SourceFile): string | undefined =>
  emit(program, file, DECLARATIONS, { afterDeclarations: [keepInlineDocumentation] }).get("d.ts");

/**
 * Emits the JavaScript of a cell.
 *
 * @param transformer - the last step
 */
export function emitScript(
  program: ts.Program,
  file: ts.SourceFile,
  transformer: ts.TransformerFactory<ts.SourceFile>,
): Emitted {
  const outputs = emit(program, file, JAVASCRIPT, { after: [transformer] });
  const javascript = outputs.get("js");
  const sourceMap = outputs.get("js.map");
  if (javascript === undefined || sourceMap === undefined)
    throw new Error("Cannot compile the cell: nothing emitted");
  return { javascript: javascript.replace(/\/\/# sourceMappingURL=.*\s*$/, ""), sourceMap };
}
