import { Session } from "node:inspector";

const inspector = new Session();
inspector.connect();

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
 * @throws what the code throws
 */
export function callGuarded(code: () => void): void {
  let thrown: { readonly error: unknown } | undefined;
  pending = () => {
    try {
      code();
    } catch (error) {
      thrown = { error };
    }
  };
  // The name marks the frame as one that is not the user's.
  inspector.post("Runtime.evaluate", { expression: "__rnnlab__.guarded()\n//# sourceURL=node:rnnlab" });
  if (thrown !== undefined) throw thrown.error;
}
