import { displayTarget, type Outcome, oneLine, ProgressBar, whenInterrupted } from "../../display/index.js";
import { Throttle } from "../../display/throttle.js";
import { historyFigure, type LiveFigure, showLive } from "../../plot/index.js";
import type { Logs } from "./callback.js";
import { type EpochResult, logsOf, toHistory } from "./history.js";

/** What the progress of a training shows. */
export interface TrainingProgressOptions {
  readonly name: string;
  readonly epochs: number;
  /** How many of them the model has had */
  readonly initialEpoch: number;
  /** Steps an epoch, or infinitely many as long as nobody knows */
  readonly steps: number;
  readonly livePlot: boolean;
  /** Nothing, a bar in a notebook, or a line an epoch, as in Keras */
  readonly verbose: 0 | 1 | 2;
}

/** A live plot is heavier than the bar: it is drawn at most so often, in milliseconds. */
const PLOT_INTERVAL = 1000;

/** Shows a training while it runs: a bar (and a plot) in a notebook, a line an epoch elsewhere. */
export class TrainingProgress {
  readonly #options: TrainingProgressOptions;
  readonly #name: string;
  readonly #verbose: 0 | 1 | 2;
  readonly #bar = new ProgressBar();
  readonly #plotting = new Throttle(PLOT_INTERVAL);
  readonly #start = performance.now();
  readonly #results: EpochResult[] = [];
  readonly #complete: () => void;
  #plot: LiveFigure | undefined;
  #steps: number | undefined;
  #epoch = 0;
  #epochStart = this.#start;
  #step = 0;
  #values: () => Logs = () => ({});

  /** @param options - names and sizes of the training */
  constructor(options: TrainingProgressOptions) {
    this.#options = options;
    this.#name = oneLine(options.name);
    this.#verbose = options.verbose === 1 && displayTarget() === "text" ? 2 : options.verbose;
    this.#expect(Number.isFinite(options.steps) ? options.steps : undefined);
    this.#complete = whenInterrupted(() => this.finish("interrupted"));
  }

  /**
   * Reports a step.
   *
   * @param epoch - counted from 1
   * @param step - of the epoch, counted from 1
   * @param values - gives loss and metrics, means over the epoch so far
   */
  step(epoch: number, step: number, values: () => Logs): void {
    this.#epoch = epoch;
    this.#step = step;
    this.#values = values;
    if (this.#verbose === 1) this.#bar.update(this.#done, () => `${this.#current()}\n${this.#written()}`);
  }

  /**
   * Reports an epoch.
   *
   * @param result - what the epoch came to
   */
  epochEnd(result: EpochResult): void {
    this.#results.push(result);
    // A data set may end before the steps that it was said to have, and says only by its end how many it has.
    this.#expect(this.#step);
    this.#epochStart = performance.now();
    if (this.#verbose === 2) process.stdout.write(`${this.#line(result)}\n`);
    if (this.#verbose === 1 && this.#options.livePlot) this.#plotting.run(() => this.#draw());
  }

  /**
   * Leaves the final state standing, which an interrupt or an error may have cut short.
   *
   * @param outcome - how the training ended
   */
  finish(outcome: Outcome): void {
    this.#complete();
    if (this.#verbose !== 1 || this.#step === 0) return;
    const state = outcome === "done" ? this.#ending() : `${this.#name} · ${outcome} in ${this.#place()}`;
    const seconds = clock((performance.now() - this.#start) / 1000);
    this.#bar.finish([`${state} · ${seconds} in all`, this.#written(outcome)].join("\n"), outcome);
    if (!this.#options.livePlot || this.#results.length === 0) return;
    this.#draw();
    this.#plot?.finish();
  }

  get #done(): number {
    return (this.#epoch - 1) * (this.#steps ?? 0) + this.#step;
  }

  #expect(steps: number | undefined): void {
    this.#steps = steps;
    this.#bar.total = steps && steps * this.#options.epochs;
  }

  #place(): string {
    const { epochs } = this.#options;
    return `epoch ${this.#epoch}/${epochs} · step ${this.#step}${this.#steps === undefined ? "" : `/${this.#steps}`}`;
  }

  #current(): string {
    const now = performance.now();
    const parts = [this.#name, this.#place(), rate((now - this.#epochStart) / this.#step)];
    const total = this.#bar.total;
    if (total !== undefined) {
      const begun = this.#options.initialEpoch * (this.#steps ?? 0);
      const left = ((now - this.#start) / (this.#done - begun)) * (total - this.#done);
      parts.push(`${clock(left / 1000)} left`);
    }
    return parts.join(" · ");
  }

  #ending(): string {
    const { epochs, initialEpoch } = this.#options;
    const count = this.#results.length;
    const last = initialEpoch + count;
    const perStep = this.#results.reduce((sum, { msPerStep }) => sum + msPerStep, 0) / count;
    const trained = `${last < epochs ? "stopped after " : ""}epoch ${last}/${epochs}`;
    return `${this.#name} · ${trained} · ${rate(perStep)}`;
  }

  /** Of a running epoch the means so far, with what the last epoch came to on the validation data. */
  #written(outcome?: Outcome): string {
    const last = this.#results.at(-1);
    if (last !== undefined && (outcome === "done" || last.epoch === this.#epoch)) return write(ordered(last));
    const validated = last === undefined ? [] : ordered(last).filter(([name]) => name.startsWith("val_"));
    const current = write(Object.entries(this.#values()));
    return validated.length === 0 ? current : `${current} · after epoch ${last?.epoch}: ${write(validated)}`;
  }

  #line(result: EpochResult): string {
    const place = `${this.#name} · epoch ${result.epoch}/${this.#options.epochs}`;
    return `${place} · ${write(ordered(result))} · ${rate(result.msPerStep)} · ${clock(result.seconds)}`;
  }

  #draw(): void {
    const history = toHistory(this.#results);
    const isPositive = [...history.loss, ...(history.valLoss ?? [])].every((loss) => loss > 0);
    const figure = historyFigure(history, {
      title: `Training of ${this.#name}`,
      yScale: isPositive ? "log" : "linear",
      ...(Object.keys(history.metrics).length === 0 ? { height: 260 } : {}),
    });
    if (this.#plot === undefined) this.#plot = showLive(figure);
    else this.#plot.update(figure);
  }
}

/** Those of the training first, then those of the validation. */
function ordered(result: EpochResult): [name: string, value: number][] {
  const entries = Object.entries(logsOf(result));
  const isValidation = ([name]: [string, number]) => name.startsWith("val_");
  return [...entries.filter((entry) => !isValidation(entry)), ...entries.filter(isValidation)];
}

function write(values: readonly [name: string, value: number][]): string {
  return values.map(([name, value]) => `${oneLine(name)} ${value.toPrecision(4)}`).join(" · ");
}

function rate(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s/step`;
  return `${ms.toFixed(ms < 100 ? 1 : 0)} ms/step`;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${hours > 0 ? `${hours}:${digits(minutes)}` : minutes}:${digits(whole % 60)}`;
}
