import { nodeBackend } from "../../src/tfjs/backend.js";
import { replaceMembers } from "../../src/tfjs/patches.js";

/** Runs code, and counts the calls of compiled programs. */
export function countPrograms(run: () => unknown): Promise<number> {
  return countOps("RnnlabProgram", run);
}

/** Runs code, and counts the calls of an op. */
export async function countOps(name: string, run: () => unknown): Promise<number> {
  const backend = nodeBackend();
  const { binding } = backend;
  let count = 0;
  const executeOp: typeof binding.executeOp = (...call) => {
    if (call[0] === name) count++;
    return binding.executeOp(...call);
  };
  replaceMembers("tfjs-node's backend", backend, {
    binding: Object.create(binding, { executeOp: { value: executeOp } }),
  });
  try {
    await run();
  } finally {
    replaceMembers("tfjs-node's backend", backend, { binding });
  }
  return count;
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
