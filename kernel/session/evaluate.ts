import { type Runtime, Session } from "node:inspector";
import { endTermination } from "./atomic.js";
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
const inspector = new Session();
inspector.connect();

/**
 * The cells whose evaluation has not ended: held with its promise. V8 would report a promise that can never settle as
 * soon as it is garbage: that ends a waiting cell by chance, and from Node 24 on the process, for nobody may be told of
 * anything during a collection.
 */
const unfinished = new Set<RunningCell>();

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

function outcomeOf(failure: Error | null, response: Runtime.EvaluateReturnType | undefined): Outcome {
  const details = response?.exceptionDetails;
  if (failure === null && details === undefined) return { kind: "finished" };
  return details?.exception === undefined
    ? { kind: "terminated" }
    : { kind: "thrown", value: thrownValue(details.exception) };
}

/**
 * Evaluates JavaScript in V8's REPL mode: top-level `await`, top-level names that later evaluations see and may declare
 * again, and names that outlive a throw. Everything it starts runs as part of `cell`.
 *
 * `settle` is never called when the code is terminated after an `await`: the caller settles such a cell itself.
 */
export function evaluate(javascript: string, cell: RunningCell, settle: (outcome: Outcome) => void): void {
  const expression = `${javascript}\n//# sourceURL=${scriptName(cell.origin.serial)}`;
  unfinished.add(cell);
  const end = (outcome: Outcome): void => {
    if (!unfinished.delete(cell)) return;
    if (outcome.kind === "terminated") endTermination();
    // Without the release V8 would keep the last value of every cell alive.
    inspector.post("Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP });
    settle(outcome);
  };
  interruptibly(() =>
    runInCell(cell, () => {
      inspector.post(
        "Runtime.evaluate",
        { expression, replMode: true, awaitPromise: true, objectGroup: OBJECT_GROUP, silent: true },
        (failure: Error | null, response?: object) =>
          asSession(() => end(outcomeOf(failure, response as Runtime.EvaluateReturnType | undefined))),
      );
    }),
  );
  // The inspector's own reaction to the end may be lost with other promise jobs.
  if (unfinished.has(cell) && cell.evaluation !== undefined)
    whenSettled(
      cell.evaluation,
      () => end({ kind: "finished" }),
      (value) => end({ kind: "thrown", value }),
    );
}
