import { reportError } from "../errors/errors.js";
import { attributedSerial, print } from "./output.js";

/**
 * An error as lines of output.
 *
 * @param what - what could not be done
 */
export const described = (error: unknown, what: string): string =>
  `${what}\n${reportError(error).traceback.join("\n")}\n`;

/** Shows the error of a value's own way to be shown, below the cell whose code is running. */
export const complain = (error: unknown): void =>
  print(attributedSerial(), "stderr", described(error, "Cannot show the value in its own way:"));
