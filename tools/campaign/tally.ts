import { messageOf } from "../../src/platform/message-of.js";
import { spreadOf } from "../bench/statistics.js";
import { TimedOut } from "../kernel-client/index.js";

/** What may go wrong: something did not come or was wrong, nothing came at all, something was left over. */
export type Fault = "lost" | "hung" | "left over";

/** A try that did not hold. Any other error counts as "lost", a message that did not come as "hung". */
export class Failure extends Error {
  constructor(
    readonly fault: Fault,
    message: string,
  ) {
    super(message);
  }
}

/** Throws unless a condition holds. */
export function demand(condition: boolean, fault: Fault, describe: () => string): void {
  if (!condition) throw new Failure(fault, describe());
}

/** How often one kind was tried, and what came of it. */
export interface Row {
  readonly part: string;
  readonly kind: string;
  readonly tried: number;
  readonly lost: number;
  readonly hung: number;
  readonly leftOver: number;
  /** Milliseconds; absent where nothing was measured. */
  readonly latency?: { readonly median: number; readonly max: number };
}

/** One try. */
export interface Try {
  readonly part: string;
  /** Tries of a kind are counted together. */
  readonly kind: string;
  /** What is tried, in full. */
  readonly label: string;
  /** Repeats it. */
  readonly command: string;
}

/** A try that failed. */
export interface Report extends Try {
  readonly fault: Fault;
  readonly message: string;
  readonly command: string;
}

interface Counts {
  readonly part: string;
  readonly kind: string;
  tried: number;
  readonly faults: Record<Fault, number>;
  readonly latencies: number[];
}

/** Enough to see what went wrong; a description of a kernel's messages may be long. */
const MESSAGE_LIMIT = 3000;

/** How many failures of a kind are told in full; all are counted. */
const EXAMPLES = 5;

/** Counts what was tried and keeps what failed. */
export class Tally {
  readonly failures: Report[] = [];
  readonly #counts = new Map<string, Counts>();

  /**
   * Runs one try and counts it.
   *
   * @param body - the try; it may note how long it waited, and throws when something does not hold
   * @returns whether everything held
   */
  async attempt(
    { part, kind, label, command }: Try,
    body: (note: (milliseconds: number) => void) => Promise<void>,
  ): Promise<boolean> {
    const counts = this.#countsOf(part, kind);
    counts.tried++;
    try {
      await body((milliseconds) => counts.latencies.push(milliseconds));
      return true;
    } catch (error) {
      const fault = error instanceof Failure ? error.fault : error instanceof TimedOut ? "hung" : "lost";
      const message = messageOf(error).slice(0, MESSAGE_LIMIT);
      counts.faults[fault]++;
      const { lost, hung, "left over": leftOver } = counts.faults;
      // What fails every time needs no more examples.
      if (lost + hung + leftOver > EXAMPLES) return false;
      this.failures.push({ part, kind, label, fault, message, command });
      console.log(`✖ ${part}, ${label}: ${fault}: ${message.split("\n")[0]?.slice(0, 300)}\n  ${command}`);
      return false;
    }
  }

  /** How many tries there were. */
  get tried(): number {
    return [...this.#counts.values()].reduce((sum, { tried }) => sum + tried, 0);
  }

  /** One row for each kind, in the order in which they were first tried. */
  rows(): Row[] {
    return [...this.#counts.values()].map(({ part, kind, tried, faults, latencies }) => {
      const { lost, hung, "left over": leftOver } = faults;
      const row = { part, kind, tried, lost, hung, leftOver };
      if (latencies.length === 0) return row;
      const { median, max } = spreadOf(latencies);
      return { ...row, latency: { median: Math.round(median), max: Math.round(max) } };
    });
  }

  #countsOf(part: string, kind: string): Counts {
    const key = `${part}: ${kind}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const fresh: Counts = {
      part,
      kind,
      tried: 0,
      faults: { lost: 0, hung: 0, "left over": 0 },
      latencies: [],
    };
    this.#counts.set(key, fresh);
    return fresh;
  }
}
