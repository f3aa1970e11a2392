/** The compiler's thread: TypeScript takes seconds of one processor at times, and the sockets must not wait for it. */
import { parentPort, workerData } from "node:worker_threads";
import { CellCompiler } from "./cell-compiler.js";
import type { CompilerRequest, CompilerResponse } from "./messages.js";

if (parentPort === null) throw new Error("Cannot run the compiler: it must be a worker thread");
const port = parentPort;
const compiler = new CellCompiler(workerData as string);

function answer({ id, method, args }: CompilerRequest): CompilerResponse {
  try {
    return { id, value: Reflect.apply(compiler[method], compiler, args) };
  } catch (error) {
    return { id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

port.on("message", (request: CompilerRequest) => port.postMessage(answer(request)));
// The first check loads the standard library's types: do it before the first cell comes.
compiler.compile(0, "console.log(process.version);");
