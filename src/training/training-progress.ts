import { displayTarget, ProgressBar } from "../display/index.js";
import { historyFigure, type LiveFigure, showLive } from "../plot/index.js";
import { type EpochResult, toHistory } from "./history.js";

/** What the progress of a training shows. */
export interface TrainingProgressOptions {
  readonly name: string;
  readonly epochs: number;
  /** Steps an epoch */
  readonly steps: number;
  readonly livePlot: boolean;
}

/** A live plot is heavier than the bar: it is drawn at most so often. */
const plotInterval = 1000;

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Shows a training while it runs: a bar (and a plot) in a notebook, a line an epoch in a terminal. */
export class TrainingProgress {
  readonly #options: TrainingProgressOptions;
  readonly #bar: ProgressBar;
  readonly #start = performance.now();
  readonly #results: EpochResult[] = [];
  #plot: LiveFigure | undefined;
  #plottedAt = Number.NEGATIVE_INFINITY;

  /** @param options - names and sizes of the training */
  constructor(options: TrainingProgressOptions) {
    this.#options = options;
    this.#bar = new ProgressBar(options.epochs * options.steps);
  }

  /**
   * Reports a step.
   *
   * @param epoch - counted from 1
   * @param step - of the epoch, counted from 1
   * @param loss - mean over the epoch so far
   */
  step(epoch: number, step: number, loss: number): void {
    const { name, epochs, steps } = this.#options;
    const done = (epoch - 1) * steps + step;
    this.#bar.update(done, () => {
      const ms = (performance.now() - this.#start) / done;
      const left = (ms * (epochs * steps - done)) / 1000;
      const place = `epoch ${epoch}/${epochs} · step ${step}/${steps}`;
      return `${name} · ${place} · loss ${loss.toPrecision(4)} · ${ms.toFixed(1)} ms/step · ${clock(left)} left`;
    });
  }

  /**
   * Reports an epoch.
   *
   * @param result - what the epoch came to
   */
  epochEnd(result: EpochResult): void {
    this.#results.push(result);
    if (displayTarget() === "text") process.stdout.write(`${this.#summary(result)}\n`);
    else if (this.#options.livePlot) this.#draw();
  }

  /** Leaves the final state standing. */
  finish(): void {
    const last = this.#results.at(-1);
    if (last === undefined || displayTarget() === "text") return;
    this.#bar.finish(`${this.#summary(last)} · ${clock((performance.now() - this.#start) / 1000)} in all`);
    if (this.#plot === undefined) return;
    this.#plot.update(this.#figure());
    this.#plot.finish();
  }

  #summary({ epoch, loss, valLoss, metrics, msPerStep }: EpochResult): string {
    const { name, epochs } = this.#options;
    const losses = { loss, ...(valLoss === undefined ? {} : { "validation loss": valLoss }), ...metrics };
    const values = Object.entries(losses).map(([key, value]) => `${key} ${value.toPrecision(4)}`);
    return [`${name} · epoch ${epoch}/${epochs}`, ...values, `${msPerStep.toFixed(1)} ms/step`].join(" · ");
  }

  #draw(): void {
    if (performance.now() - this.#plottedAt < plotInterval) return;
    this.#plottedAt = performance.now();
    if (this.#plot === undefined) this.#plot = showLive(this.#figure());
    else this.#plot.update(this.#figure());
  }

  #figure() {
    const { name } = this.#options;
    const options = { title: `Loss of ${name}`, yScale: "log" as const, height: 260 };
    return historyFigure([{ name, ...toHistory(this.#results) }], options);
  }
}
