import { UsageError } from "../src/platform/usage-error.js";

/**
 * Runs a script. An error ends it with its message, as the person who typed the command needs no stack.
 *
 * @param main - the script; it resolves to the exit status. For an error that is 1, for a wrong command line 2
 */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
}
