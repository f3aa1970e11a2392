import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { nativeOpsFile } from "../platform/native-ops-entry.js";
// Loading TensorFlow first is what makes its library known to the addon.
import "../tensorflow.js";

/** Whether the fused ops are there. */
export type NativeOps =
  | {
      readonly available: true;
      /** The instruction sets that the ops can use on this machine, the best first: "avx512", "avx2", "neon", "plain" */
      readonly instructionSets: readonly string[];
    }
  | {
      readonly available: false;
      /** Why not, with the command that changes it. */
      readonly reason: string;
    };

let found: NativeOps | undefined;

/**
 * Loads the addon with the fused recurrent ops, the first time it is asked.
 *
 * @returns what it offers, or why it is not there
 * @example
 * ```ts
 * import { nativeOps } from "rnnlab/recurrent-ops";
 * const ops = nativeOps();
 * console.log(ops.available ? ops.instructionSets : ops.reason);
 * ```
 */
export function nativeOps(): NativeOps {
  found ??= load();
  return found;
}

function load(): NativeOps {
  if (process.env.RNNLAB_OPS === "tensorflow")
    return { available: false, reason: "RNNLAB_OPS asks for TensorFlow's own" };
  const file = nativeOpsFile();
  if (!existsSync(file))
    return { available: false, reason: "the fused ops are not built; run `npx rnnlab setup` to build them" };
  try {
    return { available: true, ...(createRequire(__filename)(file) as { instructionSets: string[] }) };
  } catch (error) {
    return {
      available: false,
      reason: `${(error as Error).message}; delete ${file} and run \`npx rnnlab setup\` to build it again`,
    };
  }
}
