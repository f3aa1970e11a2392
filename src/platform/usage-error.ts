/** What the caller of a command did wrong, as opposed to what went wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
