// The one file that imports tfjs-node: everything else takes TensorFlow from here.
import { existsSync } from "node:fs";
import { join } from "node:path";
import util from "node:util";
import { requireMembers } from "./check.js";

// Statements run in the order of this file: TensorFlow is loaded, or refused with a reason, before it is re-exported.
loadTensorFlow();

export * from "@tensorflow/tfjs-node";

/** tfjs-node has an error without a code where its binding is not there. */
function isLibraryMissing(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return code === "MODULE_NOT_FOUND" || code === "ERR_DLOPEN_FAILED" || /tfjs_binding/.test(String(message));
}

function isInstalled(): boolean {
  const folders = require.resolve.paths("@tensorflow/tfjs-node") ?? [];
  return folders.some((folder) => existsSync(join(folder, "@tensorflow/tfjs-node")));
}

function loadTensorFlow(): void {
  // TensorFlow greets on stderr at level 0; warnings and errors stay.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
  // tfjs-node 4.22 calls two functions of node:util that Node 22 deprecates and Node 23 removes.
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
  let tf: typeof import("@tensorflow/tfjs-node");
  try {
    tf = require("@tensorflow/tfjs-node");
  } catch (cause) {
    // Whatever else goes wrong, such as globals that a program has replaced, says so itself.
    if (!isLibraryMissing(cause)) throw cause;
    const reason = isInstalled()
      ? "tfjs-node's native library is missing or broken"
      : "tfjs-node is not installed";
    throw new Error(`Cannot load TensorFlow: ${reason}; run \`npx rnnlab setup\` to prepare it`, { cause });
  }
  requireMembers(tf);
  // The rnnlab kernel shows tensors in a way of its own, whoever imports them.
  if (!(util.inspect.custom in tf.Tensor.prototype)) {
    Object.defineProperty(tf.Tensor.prototype, util.inspect.custom, { value: describe, configurable: true });
  }
}

/** A tensor as `console.log` and a cell's result show it: shape, dtype and values instead of its inner workings. */
function describe(this: import("@tensorflow/tfjs-node").Tensor): string {
  const kind = `Tensor [${this.shape.join(", ")}] ${this.dtype}`;
  // The first line that tfjs writes is the word "Tensor".
  return this.isDisposed
    ? `${kind}, disposed`
    : `${kind}\n${this.toString().split("\n").slice(1).join("\n")}`;
}
