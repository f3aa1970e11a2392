import { parse } from "node:path";
import { setFlagsFromString } from "node:v8";
import { encodeFrame, FrameDecoder } from "../frames.js";
import { CellCompiler } from "./cell-compiler.js";
import { createDocuments } from "./documents.js";
import type { CompilerRequest, CompilerResponse } from "./messages.js";

/** By how much the heap may grow over what is in use before the next collection, in percent. */
const HEAP_GROWTH = 50;

const documents = createDocuments();

/** Parses the type files that every cell needs. */
export function warmUp(): void {
  compileSomething(new CellCompiler(parse(__filename).root, documents));
}

/** Answers the requests that come on standard input, on standard output, until the input ends. */
export function serve(folder: string): void {
  // Every cell leaves a program behind as garbage: collected at half the usual growth, the heap keeps its size.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const compiler = new CellCompiler(folder, documents);
  const decoder = new FrameDecoder();
  process.stdin.on("data", (chunk: Buffer) => {
    for (const request of decoder.push(chunk) as CompilerRequest[]) {
      process.stdout.write(encodeFrame(answer(compiler, request)));
    }
  });
  process.stdin.on("end", () => process.exit());
  // A front end's Ctrl-C is meant for the cell.
  process.on("SIGINT", () => {});
  // Before the first cell comes.
  compileSomething(compiler);
}

function answer(compiler: CellCompiler, { id, method, args }: CompilerRequest): CompilerResponse {
  try {
    return { id, value: Reflect.apply(compiler[method], compiler, args) };
  } catch (error) {
    return { id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function compileSomething(compiler: CellCompiler): void {
  compiler.compile(0, "console.log(process.version);");
}
