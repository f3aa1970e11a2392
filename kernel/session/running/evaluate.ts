import type { Runtime } from "node:inspector";
import { mapComment } from "../errors/map-comment.js";
import { scriptName } from "../errors/stack-traces.js";
import { isDebugged, isInterrupted } from "../interrupts/atomic.js";
import { interruptibly } from "../interrupts/guarded-call.js";
import { beyondUse, connectedInspector, post, reconnect } from "../interrupts/inspector.js";
import { whenSettled } from "../interrupts/reactions.js";
import { runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { hideOnceFromObjects } from "../realm/plain-objects.js";

/** What became of an evaluation, with what the script completes with. `terminated` means that the watchdog stopped it. */
export type Outcome =
  | { readonly kind: "finished"; readonly value: unknown }
  | { readonly kind: "thrown"; readonly value: unknown }
  | { readonly kind: "terminated" };

const OBJECT_GROUP = "cell";
/** Under what name V8's REPL mode keeps a script's value from being awaited, too. */
const COMPLETION = ".repl_result";
/** What every script does last. It leaves the script its value, and declares nothing. */
const LAST = "var {} = __rnnlab__.last();";
const inspector = connectedInspector();

let refusal: unknown;

/**
 * V8 resolves a script's promise with an object. A `then` that a cell has given to every object would be called with that,
 * and the cell would end when it likes, or never.
 *
 * @throws {Error} when the object would have one
 */
export function receiveEnd(): object {
  if (!hideOnceFromObjects("then")) throw beyondUse();
  return {};
}

/** Called from {@link refusalOf}'s function, since the inspector protocol itself only hands out remote objects. */
export function receiveRefusal(value: unknown): void {
  refusal = value;
}

/** A script that V8 refuses to run has no frame in the error's stack: it gets one, of where it is wrong. */
function placeSyntaxError(error: SyntaxError, script: string, details: Runtime.ExceptionDetails): void {
  const { lineNumber, columnNumber } = details;
  error.stack = `SyntaxError: ${error.message}\n    at ${script}:${lineNumber + 1}:${columnNumber + 1}`;
}

/** Whether V8 keeps an object for who asks for more of what it has said. */
function holdsObject(response: object | undefined): boolean {
  const { result, exceptionDetails } = (response ?? {}) as Partial<Runtime.EvaluateReturnType>;
  return result === undefined || result.objectId !== undefined || exceptionDetails !== undefined;
}

/** Why V8 did not begin to run a script: it does not compile, or the inspector has not understood. */
function refusalOf(script: string, response: object | undefined): unknown {
  const { exceptionDetails } = { exceptionDetails: undefined, ...response } as Runtime.EvaluateReturnType;
  const objectId = exceptionDetails?.exception?.objectId;
  refusal = undefined;
  if (objectId !== undefined) {
    post(inspector, "Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: "function () { 'use strict'; __rnnlab__.refused(this); }",
    });
  }
  if (refusal instanceof SyntaxError && exceptionDetails !== undefined)
    placeSyntaxError(refusal, script, exceptionDetails);
  return refusal ?? beyondUse();
}

/**
 * Evaluates JavaScript in V8's REPL mode: top-level `await`, top-level names that later evaluations see and may declare
 * again, and names that outlive a throw. Everything it starts runs as part of `cell`.
 *
 * `settle` is never called when the code is terminated after an `await`: the caller settles such a cell itself.
 */
export function evaluate(javascript: string, cell: RunningCell, settle: (outcome: Outcome) => void): void {
  const script = scriptName(cell.origin.serial);
  const expression = `${javascript}\n${LAST}\n//# sourceURL=${script}${mapComment(script)}`;
  let begun = false;
  let ended = false;
  const end = (outcome: Outcome): void => {
    if (ended) return;
    ended = true;
    // The inspector would write out what was thrown, however large it is, and call its getters: it is not to hear of it.
    if (outcome.kind === "thrown") reconnect(inspector);
    settle(outcome);
  };
  cell.begun = (evaluation) => {
    begun = true;
    // It is of the cells' realm, where `then` would ask for its class.
    Object.defineProperty(evaluation, "constructor", { value: Promise });
    whenSettled(
      evaluation,
      (completion) => end({ kind: "finished", value: Reflect.get(completion as object, COMPLETION) }),
      (value) => end({ kind: "thrown", value }),
    );
  };
  let outcome: Outcome | undefined;
  const receive = (failure: Error | null, response?: object): void => {
    // The promise tells of all else.
    if (failure !== null && isInterrupted()) outcome = { kind: "terminated" };
    else if (!begun) outcome = { kind: "thrown", value: refusalOf(script, response) };
    // Without the release V8 would keep the value alive.
    if (holdsObject(response)) post(inspector, "Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP });
  };
  // In silence V8 would not stop where the cell throws.
  const silent = !isDebugged();
  const params = { expression, replMode: true, awaitPromise: true, objectGroup: OBJECT_GROUP, silent };
  interruptibly(() => runInCell(cell, () => post(inspector, "Runtime.evaluate", params, receive)));
  if (outcome !== undefined) end(outcome);
  else if (!begun) end({ kind: "thrown", value: beyondUse() });
}
