import type { JsonObject } from "../../shared/session-messages.js";
import { interruptibly } from "../interrupts/guarded-call.js";
import { described } from "../output/complaints.js";
import { attributedSerial, print } from "../output/output.js";
import { currentCell, endLife, runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { finishOutputs } from "./display-host.js";

/** The calls of handlers that have not ended, each as a part of its cell. */
const running = new Set<RunningCell>();

/** User code that a message calls, in the name of the cell that registered it. */
export class Handler<Args extends readonly unknown[]> {
  readonly #cell: RunningCell | undefined = currentCell();
  readonly #serial = attributedSerial();

  constructor(
    private readonly code: (...args: Args) => unknown,
    private readonly what: string,
  ) {}

  /** @returns whether it went well; its error is shown as output of its cell */
  async call(request: JsonObject | undefined, ...args: Args): Promise<boolean> {
    const origin = this.#cell?.origin ?? { serial: this.#serial, executionCount: 0, id: undefined };
    // The promise hooks carry the request along, so that what is sent after an await still has it as its parent.
    const part: RunningCell = {
      origin,
      result: undefined,
      interrupted: false,
      interruptions: new Set(),
      ...(request && { request }),
    };
    running.add(part);
    try {
      let handled: unknown;
      interruptibly(() => {
        handled = runInCell(part, () => this.code(...args));
      });
      await handled;
      return true;
    } catch (error) {
      if (part.interrupted) return false;
      print(origin.serial, "stderr", described(error, `Error in ${this.what}:`));
      return false;
    } finally {
      running.delete(part);
    }
  }
}

/** After an interrupt nobody waits for the calls that were running: they never return, and their timers are dead. */
export function endHandlers(): void {
  for (const part of running) {
    finishOutputs(part, (error) =>
      print(
        part.origin.serial,
        "stderr",
        described(error, "Cannot finish an output of the interrupted handler:"),
      ),
    );
    endLife(part);
  }
  running.clear();
}
