import { type Runtime, Session } from "node:inspector";
import { type RunningCell, runInCell } from "./cell-context.js";
import { asSession, interruptibly } from "./guarded-call.js";
import { whenSettled } from "./reactions.js";
import { scriptName } from "./stack-traces.js";

/** What became of an evaluation. `terminated` means that the watchdog stopped it. */
export type Outcome =
  | { readonly kind: "finished" }
  | { readonly kind: "thrown"; readonly value: unknown }
  | { readonly kind: "terminated" };

const OBJECT_GROUP = "cell";
let inspector = connected();

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

let thrown: unknown;

/** Called from {@link thrownValue}'s function, since the inspector protocol itself only hands out remote objects. */
export function receiveThrown(value: unknown): void {
  thrown = value;
}

function thrownValue(exception: Runtime.RemoteObject): unknown {
  const { objectId, unserializableValue, value } = exception;
  if (objectId !== undefined) {
    inspector.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: "function () { 'use strict'; __rnnlab__.thrown(this); }",
    });
    const taken = thrown;
    thrown = undefined;
    return taken;
  }
  if (unserializableValue === undefined) return value;
  return unserializableValue.endsWith("n")
    ? BigInt(unserializableValue.slice(0, -1))
    : Number(unserializableValue);
}

/** A script that V8 refuses to run has no frame in the error's stack: it gets one, of where it is wrong. */
function placeSyntaxError(error: SyntaxError, script: string, details: Runtime.ExceptionDetails): void {
  const { lineNumber, columnNumber } = details;
  error.stack = `SyntaxError: ${error.message}\n    at ${script}:${lineNumber + 1}:${columnNumber + 1}`;
}

/** What the response to an evaluation says; that it has ended well is for its promise to say. */
function outcomeOf(
  failure: Error | null,
  response: Runtime.EvaluateReturnType | undefined,
  script: string,
): Outcome | undefined {
  const details = response?.exceptionDetails;
  if (failure === null && details === undefined) return undefined;
  if (details?.exception === undefined) return { kind: "terminated" };
  const value = thrownValue(details.exception);
  if (details.stackTrace === undefined && value instanceof SyntaxError)
    placeSyntaxError(value, script, details);
  return { kind: "thrown", value };
}

/**
 * Evaluates JavaScript in V8's REPL mode: top-level `await`, top-level names that later evaluations see and may declare
 * again, and names that outlive a throw. Everything it starts runs as part of `cell`.
 *
 * `settle` is never called when the code is terminated after an `await`: the caller settles such a cell itself.
 */
export function evaluate(javascript: string, cell: RunningCell, settle: (outcome: Outcome) => void): void {
  const script = scriptName(cell.origin.serial);
  const expression = `${javascript}\n//# sourceURL=${script}`;
  let ended = false;
  const end = (outcome: Outcome): void => {
    if (ended) return;
    ended = true;
    // The inspector would write out what was thrown, however large it is, and call its getters: it is not to hear of it.
    if (outcome.kind === "thrown") {
      inspector.disconnect();
      inspector = connected();
    }
    settle(outcome);
  };
  cell.begun = (evaluation) => {
    whenSettled(
      evaluation,
      () => end({ kind: "finished" }),
      (value) => end({ kind: "thrown", value }),
    );
  };
  const receive = (failure: Error | null, response?: object): void => {
    const outcome = outcomeOf(failure, response as Runtime.EvaluateReturnType | undefined, script);
    // Without the release V8 would keep the value of every cell alive.
    if (failure === null) inspector.post("Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP });
    if (outcome !== undefined) asSession(() => end(outcome));
  };
  interruptibly(() =>
    runInCell(cell, () => {
      inspector.post(
        "Runtime.evaluate",
        { expression, replMode: true, awaitPromise: true, objectGroup: OBJECT_GROUP, silent: true },
        receive,
      );
    }),
  );
}
