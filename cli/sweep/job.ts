// A run of a sweep, as engines start it: `rnnlab run` that ends together with who has started it. Arguments: how many
// seconds it may take (0: as many as it needs), then those of `rnnlab run`.
import { messageOf } from "../../src/platform/message-of.js";
import { UsageError } from "../../src/platform/usage-error.js";
import { run } from "../run.js";
import { MISUSED, TIMED_OUT } from "./job-status.js";

/** How long a run has to end after it was stopped, in ms; then it ends without a word. */
const GRACE = 10_000;

/** Stops the run as SIGTERM does. */
function stop(status: number | undefined): void {
  if (status !== undefined)
    process.on("exit", () => {
      process.exitCode = status;
    });
  process.emit("SIGTERM", "SIGTERM");
  setTimeout(() => process.exit(), GRACE).unref();
}

async function main(): Promise<void> {
  const [seconds, ...args] = process.argv.slice(2);
  // Whoever started this process holds its standard input open for as long as it lives.
  const end = (): void => stop(undefined);
  process.stdin.on("close", end).resume();
  if (Number(seconds) > 0) setTimeout(() => stop(TIMED_OUT), Number(seconds) * 1000).unref();
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = error instanceof UsageError ? MISUSED : 1;
  }
  process.stdin.off("close", end).destroy();
}

void main();
