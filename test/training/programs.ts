import { nodeBackend } from "../../src/tfjs/backend.js";
import { replaceMembers } from "../../src/tfjs/patches.js";

/** Runs code, and counts the calls of compiled programs. */
export function countPrograms(run: () => unknown): Promise<number> {
  return countOps("RnnlabProgram", run);
}

/** Runs code, and counts the calls of an op. */
export async function countOps(name: string, run: () => unknown): Promise<number> {
  let count = 0;
  await watchOps((execute, call) => {
    if (call[0] === name) count++;
    return execute(...call);
  }, run);
  return count;
}

type Execute = ReturnType<typeof nodeBackend>["binding"]["executeOp"];

/** Runs code, and hands each call of an op to a function, which has it executed. */
export async function watchOps(
  watch: (execute: Execute, call: Parameters<Execute>) => ReturnType<Execute>,
  run: () => unknown,
): Promise<void> {
  const backend = nodeBackend();
  const { binding } = backend;
  const execute: Execute = (...call) => binding.executeOp(...call);
  const watched = Object.create(binding, {
    executeOp: { value: (...call: Parameters<Execute>) => watch(execute, call) },
  });
  replaceMembers("tfjs-node's backend", backend, { binding: watched });
  try {
    await run();
  } finally {
    replaceMembers("tfjs-node's backend", backend, { binding });
  }
}

/** Runs code with all calls and steps op by op. */
export function opByOp<Result>(run: () => Result): Result {
  process.env.RNNLAB_COMPILE = "off";
  try {
    return run();
  } finally {
    delete process.env.RNNLAB_COMPILE;
  }
}
