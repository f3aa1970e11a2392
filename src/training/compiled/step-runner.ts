import { FusedOptimizer } from "../../optimizers/index.js";
import * as tf from "../../tensorflow.js";
import { trainedVariables } from "../../tfjs/compiled-model.js";
import { innerModel } from "../../tfjs/model-graph.js";
import { type Batch, type Measure, measure, type Taken, takeStep } from "../train-step.js";
import { type CompiledStep, compileStep, runCompiled, type StepContext, tensorsOf } from "./compiled-step.js";
import { whyNotCompiled } from "./known-models.js";
import { reportStep } from "./report.js";

/** Steps for more shapes of batches than this are not compiled for one model. */
const MOST_SHAPES = 64;
/** So long may several steps take in one call, in milliseconds. */
const CALL_TIME = 10;
/** No more steps than this are taken in one call. */
const MOST_TOGETHER = 256;

/** What steps were compiled for, beside the shapes of a batch. */
interface Made extends StepContext {
  readonly trained: readonly tf.Variable[];
  readonly loss: unknown;
  readonly hasMetrics: boolean;
  /** What its layers do, as it is saved */
  readonly config: string;
}

/** The compiled steps of a model. */
interface Steps {
  readonly made: Made;
  /** By the shapes of a batch; undefined for those that were seen once */
  readonly byShapes: Map<string, CompiledStep | undefined>;
  /** How many steps of the last batch's shapes are best taken in one call */
  together: number;
}

/** They are used again when the model is trained again. */
const stepsOf = new WeakMap<tf.LayersModel, Steps>();

/** Takes the steps of one training, each as one op where the model allows it, and several of them in one call. */
export class StepRunner {
  readonly #model: tf.LayersModel;
  readonly #parts: tf.LayersModel;
  readonly #callTime: number;
  /** Why no step of this training is compiled */
  #refusal: string | undefined;
  /** The same, or why none of this epoch is */
  #reason: string | undefined;
  #config = "";

  /**
   * @param model - a compiled model
   * @param isWanted - whether steps are to be compiled
   * @param yieldEvery - milliseconds of steps after which others have their turn
   */
  constructor(model: tf.LayersModel, isWanted: boolean, yieldEvery: number) {
    this.#model = model;
    this.#parts = innerModel(model);
    this.#callTime = Math.min(CALL_TIME, yieldEvery);
    const isOff = process.env.RNNLAB_COMPILE === "off";
    this.#refusal = isOff ? "RNNLAB_COMPILE is off" : isWanted ? undefined : "compileStep is false";
    reportStep(model, "no two batches have had the same shapes");
  }

  /** Looks at the model anew: callbacks may have changed it. */
  beginEpoch(): void {
    this.#reason = this.#refusal ?? whyNotCompiled(this.#parts);
    if (this.#reason !== undefined) reportStep(this.#model, this.#reason);
    else this.#config = JSON.stringify(this.#parts.getConfig());
  }

  /** How many batches are best given at once, as long as they have the shapes of the last one. */
  get together(): number {
    return (this.#reason === undefined && stepsOf.get(this.#parts)?.together) || 1;
  }

  /**
   * Takes steps down the gradient of the model's loss.
   *
   * @param batch - the samples, of one step or several
   * @returns the loss before each step, then the metrics, as the model's metric names have them; where steps were taken
   * together, their means
   */
  take(batch: Batch): Measure[][] {
    const { steps = 1 } = batch;
    const { optimizer } = this.#parts;
    const known =
      this.#reason === undefined && optimizer instanceof FusedOptimizer ? this.#steps(optimizer) : undefined;
    const shapes = shapesOf(batch);
    const compiled = known?.byShapes.get(shapes);
    if (steps > 1 && !compiled?.isRepeatable) return onBatches(batch, (each) => this.take(each));
    if (known === undefined) return [this.#measured(batch, takeStep(this.#parts, batch))];
    if (compiled !== undefined) return [this.#run(known, compiled, batch)];
    // Shapes that come once, such as those of a training of one step, are not worth it.
    if (known.byShapes.has(shapes)) return [this.#measured(batch, this.#compile(known, shapes, batch))];
    if (known.byShapes.size < MOST_SHAPES) known.byShapes.set(shapes, undefined);
    return [this.#measured(batch, takeStep(this.#parts, batch))];
  }

  #measured(batch: Batch, taken: Taken): Measure[] {
    try {
      return measure(this.#parts, batch, taken.loss, taken.predictions);
    } finally {
      taken.dispose();
    }
  }

  #run(known: Steps, compiled: CompiledStep, batch: Batch): Measure[] {
    const start = performance.now();
    const measures = this.#measured(batch, runCompiled(compiled, known.made, batch));
    const { steps = 1 } = batch;
    const best = compiled.isRepeatable ? (steps * this.#callTime) / (performance.now() - start) : 1;
    // Only when it is far off: to give batches in other portions has its price.
    if (best < known.together / 2 || best >= 2 * known.together)
      known.together = Math.max(1, Math.min(MOST_TOGETHER, Math.floor(best)));
    reportStep(this.#model);
    return measures;
  }

  /** The steps for what is computed with now. Those that were compiled for something else are dropped. */
  #steps(optimizer: FusedOptimizer): Steps {
    const model = this.#parts;
    const config = this.#config;
    const [trained, hasMetrics] = [trainedVariables(model), model.metricsTensors.length > 0];
    const known = stepsOf.get(model);
    const made = known?.made;
    if (
      known !== undefined &&
      made?.optimizer === optimizer &&
      made.loss === model.loss &&
      made.hasMetrics === hasMetrics &&
      made.config === config &&
      made.trained.length === trained.length &&
      made.trained.every((variable, i) => variable === trained[i])
    )
      return known;
    const weights = model.weights.map((weight) => weight.read() as tf.Variable);
    const steps: Steps = {
      made: { model, optimizer, weights, trained, loss: model.loss, hasMetrics, config },
      byShapes: new Map(),
      together: 1,
    };
    stepsOf.set(model, steps);
    return steps;
  }

  #compile({ made, byShapes }: Steps, shapes: string, batch: Batch): Taken {
    const { taken, compiled } = compileStep(made, batch);
    if (compiled instanceof Error) this.#reason = this.#refusal = compiled.message;
    else byShapes.set(shapes, compiled);
    reportStep(this.#model, this.#reason);
    return taken;
  }
}

/** Those of one step. */
function shapesOf(batch: Batch): string {
  const { steps = 1, weights } = batch;
  const shapes = tensorsOf(batch).map(
    ({ dtype, shape: [rows = 0, ...rest] }) => `${dtype} ${[rows / steps, ...rest].join()}`,
  );
  return [weights !== undefined, ...shapes].join(" ");
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
