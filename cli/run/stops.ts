import { constants } from "node:os";

/** What can be stopped. */
export interface Stoppable {
  /** Ends what is running, and then the run. */
  interrupt(): void;
  /** Ends the run at once. */
  abandon(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What the signals of the terminal and of the system do: nothing ends before its notebook is written. */
export class Stops {
  #run: Stoppable | undefined;
  #signal: (typeof SIGNALS)[number] | undefined;
  readonly #receive = (signal: NodeJS.Signals): void => this.#stop(signal as (typeof SIGNALS)[number]);

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#receive);
    // A write beyond the limit of a file's size then fails, as one to a full disk does.
    process.on("SIGXFSZ", () => {});
  }

  /** The exit code that tells of a signal; undefined if none has come. */
  get exitCode(): number | undefined {
    return this.#signal === undefined ? undefined : 128 + constants.signals[this.#signal];
  }

  /** From here on signals mean this run. */
  watch(run: Stoppable | undefined): void {
    this.#run = run;
  }

  /** Signals do again what they do by themselves. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#receive);
  }

  #stop(signal: (typeof SIGNALS)[number]): void {
    const isFirst = this.#signal === undefined;
    this.#signal ??= signal;
    if (signal !== "SIGINT" || !isFirst) this.#run?.abandon();
    else {
      process.stderr.write("\nInterrupting the cell. Ctrl-C again ends the run at once.\n");
      this.#run?.interrupt();
    }
  }
}
