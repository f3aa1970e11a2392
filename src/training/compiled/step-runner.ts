import { FusedOptimizer } from "../../optimizers/index.js";
import * as tf from "../../tensorflow.js";
import { trainedVariables } from "../../tfjs/compiled-model.js";
import { innerModel } from "../../tfjs/model-graph.js";
import type { Columns } from "../data/batches.js";
import { type Batch, type Measure, measure, type Taken, takeStep, takeTest } from "../train-step.js";
import { type CompiledStep, compileStep, runCompiled, type StepContext, tensorsOf } from "./compiled-step.js";
import { kindOfStates, statefulLayers } from "./kept-states.js";
import { whyNotCompiled, whyTestNotCompiled } from "./known-models.js";
import { reportStep } from "./report.js";
import { CALL_TIME, stepsTogether } from "./together.js";

/** Steps for more shapes of batches than this are not compiled for one model. */
const MOST_SHAPES = 64;
/** What steps were compiled for, beside the shapes of a batch. */
interface Made extends StepContext {
  readonly trained: readonly tf.Variable[];
  readonly loss: unknown;
  /** What outputs are measured by */
  readonly measures: readonly unknown[];
  /** What its layers do, as it is saved */
  readonly config: string;
}

/** The compiled steps of a model. */
interface Steps {
  readonly made: Made;
  /** By the shapes of a batch and of states; undefined for those that were seen once */
  readonly byShapes: Map<string, Repeated | undefined>;
}

/** A compiled step, and how many of it are best taken in one call. */
interface Repeated {
  readonly compiled: CompiledStep;
  together: number;
}

/** A step changes the weights, a test does not. */
export type StepKind = "training" | "testing";

/** They are used again when the model is trained again. */
const stepsOf: Readonly<Record<StepKind, WeakMap<tf.LayersModel, Steps>>> = {
  training: new WeakMap(),
  testing: new WeakMap(),
};

/** How steps are taken. */
export interface StepRunnerOptions {
  readonly kind: StepKind;
  /** Whether steps are to be compiled */
  readonly isWanted: boolean;
  /** Milliseconds of steps after which others have their turn */
  readonly yieldEvery: number;
}

/** Takes the steps or tests of one training, each as one op where the model allows it, and several in one call. */
export class StepRunner {
  readonly #model: tf.LayersModel;
  readonly #parts: tf.LayersModel;
  readonly #kind: StepKind;
  readonly #callTime: number;
  /** Why no step of this training is compiled */
  #refusal: string | undefined;
  /** The same, or why none of this epoch is */
  #reason: string | undefined;
  #config = "";

  /**
   * @param model - a compiled model
   * @param options - how steps are taken
   */
  constructor(model: tf.LayersModel, { kind, isWanted, yieldEvery }: StepRunnerOptions) {
    this.#model = model;
    this.#parts = innerModel(model);
    this.#kind = kind;
    this.#callTime = Math.min(CALL_TIME, yieldEvery);
    const isOff = process.env.RNNLAB_COMPILE === "off";
    this.#refusal = isOff ? "RNNLAB_COMPILE is off" : isWanted ? undefined : "compileStep is false";
    this.#report("no two batches have had the same shapes");
  }

  /** Looks at the model anew: callbacks may have changed it. */
  beginEpoch(): void {
    const why = this.#kind === "training" ? whyNotCompiled : whyTestNotCompiled;
    this.#reason = this.#refusal ?? why(this.#parts);
    if (this.#reason !== undefined) this.#report(this.#reason);
    else this.#config = JSON.stringify(this.#parts.getConfig());
  }

  /** What is said of a training is said of its steps. */
  #report(reason?: string): void {
    if (this.#kind === "training") reportStep(this.#model, reason);
  }

  /** How many of the next batches are best given at once, each with `samples` of these data. */
  together(data: Columns, samples: number): number {
    const known = this.#steps();
    return known?.byShapes.get(shapesOf(known.made, data, samples))?.together ?? 1;
  }

  /**
   * Takes steps down the gradient of the model's loss, or tests.
   *
   * @param batch - the samples, of one step or several
   * @returns the loss before each step, then the metrics, as the model's metric names have them; where steps were taken
   * together, their means
   */
  take(batch: Batch): Measure[][] {
    const { steps = 1 } = batch;
    const known = this.#steps();
    const shapes = known ? shapesOf(known.made, batch, samplesOf(batch) / steps) : "";
    const repeated = known?.byShapes.get(shapes);
    if (steps > 1 && !repeated?.compiled.isRepeatable) return onBatches(batch, (each) => this.take(each));
    if (known !== undefined && repeated !== undefined) return [this.#run(known, repeated, batch)];
    // Shapes that come once, such as those of a training of one step, are not worth it.
    if (known?.byShapes.has(shapes)) return [this.#measured(batch, this.#compile(known, shapes, batch))];
    if (known !== undefined && known.byShapes.size < MOST_SHAPES) known.byShapes.set(shapes, undefined);
    const take = this.#kind === "training" ? takeStep : takeTest;
    return [this.#measured(batch, take(this.#parts, batch))];
  }

  #measured(batch: Batch, taken: Taken): Measure[] {
    try {
      return measure(this.#parts, batch, taken);
    } finally {
      taken.dispose();
    }
  }

  #run({ made }: Steps, repeated: Repeated, batch: Batch): Measure[] {
    const start = performance.now();
    const { compiled, together } = repeated;
    const measures = this.#measured(batch, runCompiled(compiled, made, batch));
    const took = { steps: batch.steps ?? 1, milliseconds: performance.now() - start };
    if (compiled.isRepeatable) repeated.together = stepsTogether(together, took, this.#callTime);
    this.#report();
    return measures;
  }

  /** The steps for what is computed with now, if any may be. Those that were compiled for something else are dropped. */
  #steps(): Steps | undefined {
    const model = this.#parts;
    const fused = model.optimizer instanceof FusedOptimizer ? model.optimizer : undefined;
    const optimizer = this.#kind === "training" ? fused : undefined;
    if (this.#reason !== undefined || (this.#kind === "training" && optimizer === undefined))
      return undefined;
    const now = {
      optimizer,
      trained: trainedVariables(model),
      loss: model.loss,
      measures: model.metricsTensors.flat(),
      config: this.#config,
    };
    const before = stepsOf[this.#kind].get(model);
    const steps = before !== undefined && isSame(before.made, now) ? before : this.#noSteps(now);
    return kindOfStates(steps.made.stateful) === undefined ? undefined : steps;
  }

  #noSteps(conditions: Conditions): Steps {
    const model = this.#parts;
    const weights = model.weights.map((weight) => weight.read() as tf.Variable);
    const steps: Steps = {
      made: { ...conditions, model, weights, stateful: statefulLayers(model) },
      byShapes: new Map(),
    };
    stepsOf[this.#kind].set(model, steps);
    return steps;
  }

  #compile({ made, byShapes }: Steps, shapes: string, batch: Batch): Taken {
    const { taken, compiled } = compileStep(made, batch);
    if (compiled instanceof Error) this.#reason = this.#refusal = compiled.message;
    else byShapes.set(shapes, { compiled, together: 1 });
    this.#report(this.#reason);
    return taken;
  }
}

type Conditions = Omit<Made, "model" | "weights" | "stateful">;

function isSame(a: Conditions, b: Conditions): boolean {
  return (
    a.optimizer === b.optimizer &&
    a.loss === b.loss &&
    a.config === b.config &&
    areSame(a.measures, b.measures) &&
    areSame(a.trained, b.trained)
  );
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

const samplesOf = ({ inputs }: Columns): number => inputs[0]?.shape[0] ?? 0;

/** Those of a step with `samples` of these data, and of what the model keeps. */
function shapesOf({ stateful }: StepContext, data: Columns, samples: number): string {
  const shapes = tensorsOf(data).map(({ dtype, shape }) => `${dtype} ${[samples, ...shape.slice(1)].join()}`);
  return [data.weights !== undefined, ...shapes, kindOfStates(stateful)].join(" ");
}

/** Does something with each step's batch of several. */
function onBatches<Result>(
  { inputs, targets, weights, steps = 1 }: Batch,
  work: (batch: Batch) => Result[],
): Result[] {
  const parts = (tensor: tf.Tensor) => tf.split(tensor, steps);
  const [x, y, w] = [inputs.map(parts), targets.map(parts), weights && parts(weights)];
  try {
    return Array.from({ length: steps }, (_, step) => {
      const of = (each: readonly tf.Tensor[]) => each[step] as tf.Tensor;
      return work({ inputs: x.map(of), targets: y.map(of), weights: w && of(w) });
    }).flat();
  } finally {
    tf.dispose([x, y, w ?? []]);
  }
}
