import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import type { JsonObject } from "../../shared/session-messages.js";
import { asSession } from "../interrupts/guarded-call.js";
import { whenSettled } from "../interrupts/reactions.js";
import { Handler } from "./handler.js";

const now = performance.now.bind(performance);

/** The signals that are due or running. */
const active = new Set<Signal>();

/**
 * User code that is called soon, in the name of the cell that has made it. Calls that come before it begins, or while it
 * runs, are thrown together into one: however fast they come, none queues up.
 */
export class Signal {
  readonly #handler: Handler<[number]>;
  readonly #interval: number;
  /** How many calls it has not begun to answer. */
  #calls = 0;
  /** What waits for them. */
  #waiting: (() => void)[] = [];
  /** What waits for the calls that it is answering. */
  #served: (() => void)[] = [];
  #request: JsonObject | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #round = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** @param interval - the shortest time between the end of a call and the next one, in ms */
  constructor(code: (calls: number) => unknown, what: string, interval: number) {
    this.#handler = new Handler(code, what);
    this.#interval = interval;
  }

  /** Resolves when a run that began afterwards has ended, or an interrupt has ended it. */
  call(request: JsonObject | undefined): Promise<void> {
    this.#calls++;
    this.#request = request;
    active.add(this);
    if (!this.#running && this.#timer === undefined) this.#schedule();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** After an interrupt: what runs has ended. What only draws is still due; all else was to stop. */
  abandon(): void {
    this.#round++;
    this.#running = false;
    for (const resolve of this.#served.splice(0)) resolve();
    if (this.#interval > 0 && this.#calls > 0) {
      if (this.#timer === undefined) this.#schedule();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#calls = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
    active.delete(this);
  }

  #schedule(): void {
    const wait = Math.max(0, this.#last + this.#interval - now());
    this.#timer = setTimeout(() => asSession(() => this.#run()), wait);
  }

  #run(): void {
    this.#timer = undefined;
    const calls = this.#calls;
    this.#calls = 0;
    this.#served = this.#waiting.splice(0);
    this.#running = true;
    const round = ++this.#round;
    const ended = (): void => {
      if (round !== this.#round) return;
      this.#running = false;
      this.#last = now();
      for (const resolve of this.#served.splice(0)) resolve();
      if (this.#calls > 0) this.#schedule();
      else active.delete(this);
    };
    whenSettled(this.#handler.call(this.#request, calls), ended, ended);
  }
}

/** After an interrupt. */
export function abandonSignals(): void {
  for (const signal of active) signal.abandon();
}
