/** Tells the person who runs the kernel, on its standard error, what a front end cannot be told. */
export function log(what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`[rnnlab kernel] ${what}: ${why}\n`);
}
