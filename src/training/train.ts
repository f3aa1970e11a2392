import { requireInteger, typeName } from "../arguments.js";
import type { Outcome } from "../display/index.js";
import type * as tf from "../tensorflow.js";
import { beginTraining } from "../tfjs/compiled-model.js";
import { type Callback, Callbacks, type Logs } from "./callbacks/callback.js";
import { type EpochResult, type History, logsOf, toHistory } from "./callbacks/history.js";
import type { TrainingControls } from "./callbacks/training-controls.js";
import { TrainingProgress } from "./callbacks/training-progress.js";
import { StepRunner } from "./compiled/step-runner.js";
import type { BatchSource, Together } from "./data/batches.js";
import { fuseNamedOptimizer } from "./fuse-optimizer.js";
import { isInterrupted } from "./interruptible.js";
import { Pause } from "./pause.js";
import type { Measure } from "./train-step.js";
import type { KeptHistory } from "./weights/kept-history.js";
import type { KeepWeights, KeptWeights } from "./weights/kept-weights.js";

/** How a model is trained, wherever its batches come from. */
export interface TrainingOptions<Keep extends KeepWeights | undefined = KeepWeights | undefined> {
  /** How many times all samples are used, a positive integer */
  readonly epochs: number;
  /** How many of these epochs the model has had: training goes on with the next one; 0 unless given */
  readonly initialEpoch?: number;
  /**
   * `"epoch"`: the history has the model's weights before the training and after each epoch, and what the optimiser kept,
   * as {@link KeptWeights}; none unless given. An object says how much memory and disk they may take
   */
  readonly keepWeights?: Keep;
  /** Named in the progress bar and the plot; the model's own name unless given */
  readonly name?: string;
  /** 0: silent; 1, the default: a progress bar in a notebook, elsewhere as 2; 2: a line an epoch */
  readonly verbose?: 0 | 1 | 2;
  /** Draws the loss while it falls, below the progress bar; false unless given */
  readonly livePlot?: boolean;
  /** Told how the training goes; tfjs's own callbacks fit too */
  readonly callbacks?: Callback | readonly Callback[];
  /** Called after each epoch; training ends early when it returns `"stop"` */
  readonly onEpochEnd?: (result: EpochResult) => unknown;
  /** Messages, timers and interrupts are handled after this many milliseconds of steps; 100 unless given */
  readonly yieldEvery?: number;
  /** Shows a Stop button, a Pause button and a slider for the learning rate beside the progress bar; false unless given */
  readonly controls?: boolean;
  /** Whether steps run as one op each where the model allows it; true unless given. {@link trainingStep} says which it was */
  readonly compileStep?: boolean;
}

/**
 * Trains a model.
 *
 * @param model - a compiled model
 * @param source - gives the batches of each epoch
 * @param validation - gives those on which loss and metrics are computed after each epoch
 * @param options - how
 * @returns the loss and metrics of each epoch, and the weights if they are to be kept
 * @throws {RangeError} when an option is out of range
 * @throws {Error} when the model is being trained already
 */
export async function train(
  model: tf.LayersModel,
  source: BatchSource,
  validation: BatchSource | undefined,
  options: TrainingOptions,
): Promise<History | KeptHistory> {
  const { epochs, initialEpoch = 0, name = model.name, verbose = 1, yieldEvery = 100 } = options;
  const { livePlot = false, keepWeights } = options;
  requirePositiveInteger("epochs", epochs);
  requireInteger("fit", "initialEpoch", initialEpoch, 0, epochs - 1);
  if (!(yieldEvery > 0)) {
    throw new RangeError(`Cannot fit: yieldEvery must be a positive number, got ${yieldEvery}`);
  }
  if (![0, 1, 2].includes(verbose))
    throw new RangeError(`Cannot fit: verbose must be 0, 1 or 2, got ${verbose}`);
  const endTraining = beginTraining(model);
  const isWanted = options.compileStep ?? true;
  const steps = new StepRunner(model, { kind: "training", isWanted, yieldEvery });
  const tests = new StepRunner(model, { kind: "testing", isWanted, yieldEvery });
  const callbacks = new Callbacks([options.callbacks ?? []].flat());
  const progress = new TrainingProgress({
    name,
    epochs,
    initialEpoch,
    steps: source.steps,
    livePlot,
    verbose,
  });
  const pause = new Pause(yieldEvery);
  const results: EpochResult[] = [];
  let outcome: Outcome = "failed";
  let controls: TrainingControls | undefined;
  let kept: KeptWeights | undefined;
  model.stopTraining = false;
  try {
    fuseNamedOptimizer(model);
    if (keepWeights !== undefined) kept = await keptWeights(model, keepWeights);
    await kept?.add(initialEpoch);
    if (options.controls) controls = await showControls(model);
    await callbacks.call("setModel", model);
    await callbacks.call("onTrainBegin");
    for (let epoch = initialEpoch + 1; epoch <= epochs && !model.stopTraining; epoch++) {
      await callbacks.call("onEpochBegin", epoch - 1);
      controls?.follow();
      const onStep = (step: number, values: () => Logs) => progress.step(epoch, step, values);
      const parts = { epoch, source, validation, callbacks, steps, tests, pause, controls, onStep };
      const result = await trainEpoch(model, parts);
      if (result === undefined) break;
      results.push(result);
      progress.epochEnd(result);
      await callbacks.call("onEpochEnd", epoch - 1, logsOf(result));
      const answer = await options.onEpochEnd?.(result);
      // After the callbacks: what the next epoch begins with.
      await kept?.add(epoch);
      if (answer === "stop") break;
    }
    outcome = isInterrupted(model) ? "interrupted" : "done";
    if (outcome === "done") await callbacks.call("onTrainEnd");
  } finally {
    endTraining();
    if (outcome !== "done") kept?.dispose();
    controls?.finish();
    callbacks.dispose();
    progress.finish(outcome);
  }
  const history = toHistory(results);
  return kept === undefined ? history : { ...history, weights: kept };
}

/** Loaded when they are asked for: most trainings have none. */
async function showControls(model: tf.LayersModel): Promise<TrainingControls> {
  const { TrainingControls: Controls } = await import("./callbacks/training-controls.js");
  return new Controls(model);
}

/** Loaded when they are asked for, too. */
async function keptWeights(model: tf.LayersModel, keep: KeepWeights): Promise<KeptWeights> {
  const { KeptWeights: Kept } = await import("./weights/kept-weights.js");
  return new Kept(model, keep);
}

/**
 * @param option - named in the error
 * @param value - must be a positive integer
 * @throws {RangeError} when it is not
 * @throws {TypeError} when it is no number
 */
export function requirePositiveInteger(option: string, value: number): void {
  if (typeof value !== "number")
    throw new TypeError(`Cannot fit: ${option} must be a number, got ${typeName(value)}`);
  requireInteger("fit", option, value, 1);
}

interface Epoch {
  readonly epoch: number;
  readonly source: BatchSource;
  readonly validation: BatchSource | undefined;
  readonly callbacks: Callbacks;
  readonly steps: StepRunner;
  readonly tests: StepRunner;
  readonly pause: Pause;
  readonly controls: TrainingControls | undefined;
  readonly onStep: (step: number, values: () => Logs) => void;
}

/** Undefined if it was interrupted: then nothing is known of the whole epoch. */
async function trainEpoch(
  model: tf.LayersModel,
  { epoch, source, validation, callbacks, steps, tests, pause, controls, onStep }: Epoch,
): Promise<EpochResult | undefined> {
  const start = performance.now();
  const means = new Means();
  steps.beginEpoch();
  let step = 0;
  // Callbacks see every step.
  const together: Together = (data, samples) =>
    callbacks.areCalledForBatches ? 1 : steps.together(data, samples);
  for await (const batch of source.epoch(epoch, together)) {
    if (callbacks.areCalledForBatches) await callbacks.call("onBatchBegin", step);
    const measures = steps.take(batch);
    for (const each of measures) means.add(each);
    step += batch.steps ?? 1;
    onStep(step, () => named(model, "", means.values));
    if (callbacks.areCalledForBatches) {
      const values = measures.flat().map(({ value }) => value);
      await callbacks.call("onBatchEnd", step - 1, named(model, "", values));
    }
    if (pause.isDue) {
      await pause.take();
      await controls?.whilePaused();
    }
    if (model.stopTraining) break;
  }
  if (isInterrupted(model)) return undefined;
  const seconds = () => (performance.now() - start) / 1000;
  const msPerStep = (1000 * seconds()) / Math.max(step, 1);
  const { loss = Number.NaN, ...metrics } = named(model, "", means.values);
  const tested = validation === undefined ? {} : await test(model, validation, tests, pause);
  if (isInterrupted(model)) return undefined;
  const { val_loss: valLoss, ...valMetrics } = tested;
  return {
    epoch,
    loss,
    ...(valLoss === undefined ? {} : { valLoss }),
    metrics: { ...metrics, ...valMetrics },
    seconds: seconds(),
    msPerStep,
  };
}

async function test(
  model: tf.LayersModel,
  source: BatchSource,
  tests: StepRunner,
  pause: Pause,
): Promise<Record<string, number>> {
  const means = new Means();
  tests.beginEpoch();
  for await (const batch of source.epoch(undefined, (data, samples) => tests.together(data, samples))) {
    for (const each of tests.take(batch)) means.add(each);
    if (pause.isDue) await pause.take();
    if (isInterrupted(model)) break;
  }
  return named(model, "val_", means.values);
}

/** Means of what is known of batches. */
class Means {
  readonly #sums: Measure[] = [];

  add(measures: readonly Measure[]): void {
    for (const [i, { value, count }] of measures.entries()) {
      const { value: sum, count: before } = this.#sums[i] ?? { value: 0, count: 0 };
      this.#sums[i] = { value: sum + value * count, count: before + count };
    }
  }

  get values(): number[] {
    return this.#sums.map(({ value, count }) => value && value / count);
  }
}

/** Pairs a model's loss and metrics with their names. */
function named(model: tf.LayersModel, prefix: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, i) => [`${prefix}${model.metricsNames[i]}`, value]));
}
