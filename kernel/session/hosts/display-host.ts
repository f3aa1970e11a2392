import {
  type CapturedOutput,
  type DisplayHost,
  type DisplayMessage,
  displayHostKey,
} from "../../../src/host/display.js";
import type { CellOrigin, MimeBundle } from "../../shared/session-messages.js";
import { reportError } from "../errors/errors.js";
import { callGuarded, interruptibly } from "../interrupts/guarded-call.js";
import { checkedBundle, jsonCopy } from "../output/mime.js";
import { attributedSerial, sendOutput } from "../output/output.js";
import { currentCell, runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { cells } from "../realm/cell-realm.js";

/** Shows something below the running cell, or replaces what an earlier message with its display id showed. */
export function publish({ data, metadata, displayId, update = false }: DisplayMessage): void {
  if (update && displayId === undefined) {
    throw new TypeError("Cannot update a display: displayId must be a string, got undefined");
  }
  const checked = checkedBundle(data, "the data");
  sendOutput({
    type: "display",
    serial: attributedSerial(),
    data: checked,
    metadata: metadata === undefined ? {} : (jsonCopy(metadata, "the metadata") as MimeBundle),
    displayId,
    update,
  });
}

/** What brings the outputs of running cells in order when they are interrupted. */
const interruptions = new WeakMap<CellOrigin, Set<() => void>>();

/** Those of the part of a cell that is interrupted by itself, such as a handler, else those of the whole cell. */
function interruptionsOf(cell: RunningCell): Set<() => void> {
  if (cell.interruptions !== undefined) return cell.interruptions;
  const callbacks = interruptions.get(cell.origin) ?? new Set();
  interruptions.set(cell.origin, callbacks);
  return callbacks;
}

/** Brings the outputs of a cell that is being interrupted in order, while what it shows is still heard. */
export function finishOutputs(cell: RunningCell, failed: (error: unknown) => void): void {
  const callbacks = interruptionsOf(cell);
  for (const callback of callbacks) {
    try {
      interruptibly(() => runInCell(cell, () => callGuarded(callback)));
    } catch (error) {
      failed(error);
    }
  }
  callbacks.clear();
}

function whenInterrupted(callback: () => void): () => void {
  const cell = currentCell();
  if (cell === undefined) return () => {};
  const callbacks = interruptionsOf(cell).add(callback);
  return () => void callbacks.delete(callback);
}

/** Runs code as a part of its cell that another takes the output of. */
function capture<Result>(sink: (output: CapturedOutput) => void, code: () => Result): Result {
  const origin = { serial: attributedSerial(), executionCount: 0, id: undefined };
  const cell = currentCell() ?? { origin, result: undefined, interrupted: false };
  const part = Object.assign(Object.create(cell) as RunningCell, { sink, begun: undefined });
  // The rounds of its timers are parts of this part.
  part.whole = undefined;
  return runInCell(part, code);
}

/** Makes displays available to the modules that cells import. */
export function installDisplayHost(): void {
  const host = {
    publish,
    whenInterrupted,
    capture,
    describeError: (error: unknown) => cells.parseJson(JSON.stringify(reportError(error))),
    clear(wait = false): void {
      sendOutput({ type: "clear", serial: attributedSerial(), wait });
    },
    replay(cell?: number, since?: number): void {
      sendOutput({ type: "replay", serial: attributedSerial(), cell, since });
    },
    get cell(): { id: string | undefined; executionCount: number } {
      const origin = currentCell()?.origin;
      return { id: origin?.id, executionCount: origin?.executionCount ?? 0 };
    },
  } satisfies DisplayHost;
  Object.defineProperty(cells.global, displayHostKey, { value: host });
}
