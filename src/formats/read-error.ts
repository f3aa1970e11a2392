/**
 * The error of every reader of this folder.
 *
 * @param origin - path or address of what is read
 * @param rule - what must be so, and what was found instead
 */
export function readError(origin: string, rule: string, cause?: unknown): RangeError {
  return new RangeError(`Cannot read ${origin}: ${rule}`, cause === undefined ? undefined : { cause });
}

/** Whether an error is already one of a reader, who has said more than a caller can. */
export function isReadError(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.startsWith("Cannot read ");
}
