import type { CapturedOutput } from "../../../src/host/display.js";
import type { CellOrigin, JsonObject } from "../../shared/session-messages.js";

/** A cell while it runs, and afterwards for the timers and promises that it left behind. */
export interface RunningCell {
  readonly origin: CellOrigin;
  /** The value of the cell's last expression, once that has been evaluated. */
  result: { readonly value: unknown } | undefined;
  /** Whether an interrupt ended it: nothing of it is to run any more then, and what does is not heard. */
  interrupted: boolean;
  /** Is called once, with the first promise made within it: V8's own, for the evaluation of the whole cell. */
  begun?: ((evaluation: Promise<unknown>) => void) | undefined;
  /** Timers of this part of the cell go on after an interrupt: it comes to an end by itself. */
  spared?: boolean;
  /** The cell that this is a part of: what it has not itself, it has from there. */
  whole?: RunningCell | undefined;
  /** What is called when an interrupt ends this part of the cell; that of the cell itself is known by its origin. */
  readonly interruptions?: Set<() => void>;
  /** The header of the comm message that the code handles, when it does. */
  readonly request?: JsonObject;
  /** What takes the output of this part of the cell in the place of the front end. */
  readonly sink?: (output: CapturedOutput) => void;
}
