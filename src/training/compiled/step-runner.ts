import { FusedOptimizer } from "../../optimizers/index.js";
import type * as tf from "../../tensorflow.js";
import { trainedVariables } from "../../tfjs/compiled-model.js";
import { innerModel } from "../../tfjs/model-graph.js";
import { type Batch, type Measure, measure, type Taken, takeStep } from "../train-step.js";
import { type CompiledStep, compileStep, runCompiled, type StepContext, tensorsOf } from "./compiled-step.js";
import { whyNotCompiled } from "./known-models.js";
import { reportStep } from "./report.js";

/** Steps for more shapes of batches than this are not compiled in one training. */
const MOST_SHAPES = 64;

/** What steps were compiled for, beside the shapes of a batch. */
interface Made extends StepContext {
  readonly trained: readonly tf.Variable[];
  readonly loss: unknown;
  readonly hasMetrics: boolean;
}

/** Takes the steps of one training, each as one op where the model allows it. */
export class StepRunner {
  readonly #model: tf.LayersModel;
  readonly #parts: tf.LayersModel;
  /** Why no step of this training is compiled */
  #refusal: string | undefined;
  /** The same, or why none of this epoch is */
  #reason: string | undefined;
  #made: Made | undefined;
  /** By the shapes of a batch; undefined for those that were seen once */
  readonly #steps = new Map<string, CompiledStep | undefined>();

  /**
   * @param model - a compiled model
   * @param isWanted - whether steps are to be compiled
   */
  constructor(model: tf.LayersModel, isWanted: boolean) {
    this.#model = model;
    this.#parts = innerModel(model);
    const isOff = process.env.RNNLAB_COMPILE === "off";
    this.#refusal = isOff ? "RNNLAB_COMPILE is off" : isWanted ? undefined : "compileStep is false";
    reportStep(model, "no two batches have had the same shapes");
  }

  /** Looks at the model anew: callbacks may have changed it. */
  beginEpoch(): void {
    this.#reason = this.#refusal ?? whyNotCompiled(this.#parts);
    if (this.#reason !== undefined) reportStep(this.#model, this.#reason);
  }

  /**
   * Takes one step down the gradient of the model's loss.
   *
   * @param batch - the samples
   * @returns the loss before the step, then the metrics, as the model's metric names have them
   */
  take(batch: Batch): Measure[] {
    const taken = this.#take(batch);
    try {
      return measure(this.#parts, batch, taken.loss, taken.predictions);
    } finally {
      taken.dispose();
    }
  }

  #take(batch: Batch): Taken {
    const { optimizer } = this.#parts;
    if (this.#reason !== undefined || !(optimizer instanceof FusedOptimizer))
      return takeStep(this.#parts, batch);
    const made = this.#context(optimizer);
    const shapes = shapesOf(batch);
    const compiled = this.#steps.get(shapes);
    if (compiled !== undefined) return runCompiled(compiled, made, batch);
    // Shapes that come once, such as those of a training of one step, are not worth it.
    if (this.#steps.has(shapes)) return this.#compile(made, shapes, batch);
    if (this.#steps.size < MOST_SHAPES) this.#steps.set(shapes, undefined);
    return takeStep(this.#parts, batch);
  }

  /** What the step is computed with now. Steps that were compiled for another optimiser, loss or variables are dropped. */
  #context(optimizer: FusedOptimizer): Made {
    const model = this.#parts;
    const [trained, hasMetrics] = [trainedVariables(model), model.metricsTensors.length > 0];
    const made = this.#made;
    if (
      made?.optimizer === optimizer &&
      made.loss === model.loss &&
      made.hasMetrics === hasMetrics &&
      made.trained.length === trained.length &&
      made.trained.every((variable, i) => variable === trained[i])
    )
      return made;
    this.#steps.clear();
    const weights = model.weights.map((weight) => weight.read() as tf.Variable);
    this.#made = { model, optimizer, weights, trained, loss: model.loss, hasMetrics };
    return this.#made;
  }

  #compile(made: Made, shapes: string, batch: Batch): Taken {
    const { taken, compiled } = compileStep(made, batch);
    if (compiled instanceof Error) this.#reason = this.#refusal = compiled.message;
    else this.#steps.set(shapes, compiled);
    reportStep(this.#model, this.#reason);
    return taken;
  }
}

function shapesOf(batch: Batch): string {
  const shapes = tensorsOf(batch).map(({ dtype, shape }) => `${dtype} ${shape.join()}`);
  return [batch.weights !== undefined, ...shapes].join(" ");
}
