import { isReadError, readError } from "../../formats/read-error.js";

/** What a refusal says besides its rule. */
export interface Details {
  /** What would help: a command, or what to change in Python; otherwise what helps in most cases */
  readonly help?: string;
  readonly cause?: unknown;
}

/** Refuses a file by what a value should have been, `"<option> must be <rule>, got <value>"`; never returns. */
export type Refuse = (rule: string, details?: Details) => never;

/** What helps where the model cannot be rebuilt here, if nothing better is known. */
const CHANGE = "change this in Python, give the new model the weights with set_weights(), and save it again";
/** What helps where the file is not what Keras writes. */
const DAMAGED = "the file is not as Keras writes it: save the model again in Python, or copy the file again";

const complete = new WeakSet<Error>();

/**
 * Makes what refuses a file. Each of its errors names the file, and says what would help.
 *
 * @param origin - what errors call the file
 * @param by - the version of the Keras that wrote it, if it is known
 * @returns throws a RangeError
 */
export function refusing(origin: string, by?: string): Refuse {
  return (rule, { help = DAMAGED, cause } = {}) => {
    const error = readError(
      by === undefined ? origin : `${origin} (by Keras ${by})`,
      `${rule}; ${help}`,
      cause,
    );
    complete.add(error);
    throw error;
  };
}

/**
 * Refuses what a layer is like.
 *
 * @param refuse - for the file
 * @param kind - Keras's class of the layer
 * @param name - its name
 * @returns the same with the layer before each rule
 */
export function ofLayer(refuse: Refuse, kind: string, name: string): Refuse {
  return (rule, details) => refuse(`${kind}${name && ` ("${name}")`}: ${rule}`, { help: CHANGE, ...details });
}

/**
 * Completes the errors of what reads files of all kinds: archives, HDF5, JSON.
 *
 * @param refuse - for the file
 * @param read - reads
 * @returns what `read` does
 */
export async function completing<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!isReadError(error) || complete.has(error)) throw error;
    const completed = new RangeError(`${error.message}; ${DAMAGED}`, { cause: error.cause });
    complete.add(completed);
    throw completed;
  }
}
