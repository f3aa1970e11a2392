/** What a failed set-up step tells: what could not be done, why, what was tried and the command that repairs it. */
export class SetupError extends Error {
  override readonly name = "SetupError";

  /**
   * @param message - what could not be done and why, as "Cannot <do what>: <why>"
   * @param repair - a command, or a short instruction, that puts it right
   * @param tried - what was tried, one line each
   * @param cause - the underlying error
   */
  constructor(
    message: string,
    readonly repair: string,
    readonly tried: readonly string[] = [],
    cause?: unknown,
  ) {
    const lines = [message, ...tried.map((line) => `  tried: ${line}`), `  repair: ${repair}`];
    super(lines.join("\n"), cause === undefined ? undefined : { cause });
  }
}
