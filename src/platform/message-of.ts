/**
 * Says what was thrown, which need not be an error.
 *
 * @param error - what was thrown
 * @returns the message of an error; anything else as text
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
