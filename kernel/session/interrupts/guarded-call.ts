import { awaitTermination, endTermination, resumeSections, suspendSections } from "./atomic.js";
import { beyondUse, connectedInspector, post } from "./inspector.js";

const inspector = connectedInspector();

let pending: (() => void) | undefined;

/** What the evaluation in {@link callGuarded} calls, under the name `__rnnlab__.guarded`. */
export function runGuarded(): void {
  const code = pending;
  pending = undefined;
  code?.();
}

/**
 * Calls user code so that, when the watchdog terminates it, only that code ends: the inspector lets no termination
 * through to its caller. In a timer that caller is Node, which keeps a stack that terminated code would leave
 * unbalanced, and aborts the process when it notices.
 *
 * @returns whether the code has come to its end
 * @throws {Error} when the code throws one, or Node.js can call nothing any more
 */
export function callGuarded(code: () => void): boolean {
  let thrown: { readonly error: unknown } | undefined;
  let ended = false;
  pending = () => {
    try {
      code();
    } catch (error) {
      thrown = { error };
    }
    ended = true;
  };
  // The name marks the frame as one that is not the user's.
  post(inspector, "Runtime.evaluate", { expression: "__rnnlab__.guarded()\n//# sourceURL=node:rnnlab" });
  if (pending !== undefined) {
    pending = undefined;
    throw beyondUse();
  }
  if (!ended) endTermination();
  if (thrown !== undefined) throw thrown.error;
  return ended;
}

/**
 * Runs code of the session itself that only Node calls, as a section that is not terminated. A termination that is still
 * on its way, meant for code that has ended, is taken elsewhere.
 */
export function asSession(code: () => void): void {
  resume(1);
  try {
    code();
  } finally {
    suspendSections();
  }
}

/** Runs user code within the session's own: that code alone can be terminated. */
export function interruptibly(code: () => void): void {
  const depth = suspendSections();
  try {
    code();
  } finally {
    resume(depth);
  }
}

let terminatedJobs = false;

/** Whether any promise job was terminated, and has left half done what it was at. */
export const hasTerminatedJobs = (): boolean => terminatedJobs;

/**
 * Has V8 terminate the code that calls this: a promise job, from the hook that comes before it. V8 then drops all promise
 * jobs that are waiting, and calls `afterwards` when nothing is running any more.
 */
export function terminateJob(afterwards: () => void): void {
  terminatedJobs = true;
  let refused = false;
  inspector.post("Runtime.terminateExecution", (failure) => {
    // One that the watchdog has asked for has not ended yet: it ends this job, or has just ended another.
    refused = failure !== null;
    if (!refused) afterwards();
  });
  while (!refused);
}

function resume(depth: number): void {
  while (!resumeSections(depth)) callGuarded(awaitTermination);
}
