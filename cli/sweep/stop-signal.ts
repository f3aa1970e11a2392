import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What the signals of the terminal and of the system do to a sweep. */
export class StopSignal {
  readonly #controller = new AbortController();
  #signal: (typeof SIGNALS)[number] | undefined;
  readonly #receive = (signal: NodeJS.Signals): void => this.#stop(signal as (typeof SIGNALS)[number]);

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#receive);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that tells of a signal; undefined if none has come. */
  get exitCode(): number | undefined {
    return this.#signal === undefined ? undefined : 128 + constants.signals[this.#signal];
  }

  /** Signals do again what they do by themselves. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#receive);
  }

  #stop(signal: (typeof SIGNALS)[number]): void {
    // The second one ends the sweep where it stands: runs notice that it is gone, and its files are whole.
    if (this.#signal !== undefined) process.exit(this.exitCode);
    this.#signal = signal;
    process.stderr.write("\nStopping the runs. Once more ends the sweep at once.\n");
    this.#controller.abort();
  }
}
