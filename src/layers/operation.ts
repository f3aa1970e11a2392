import * as tf from "../tensorflow.js";
import { KeepsTexts, keepTexts } from "./kept-text.js";
import { type OperationDefinition, type OperationOptions, operations } from "./operations.js";

type Shape = (number | null)[];
/** A number, or numbers in lists, that stand in the model; null for the next input of the layer. */
export type Operand = number | readonly Operand[] | null;

/** What an operation computes, and of what. */
export interface OperationSpec {
  /** Keras 3's class */
  readonly operation: string;
  /** In their order */
  readonly operands: readonly Operand[];
  /** By Keras 3's names */
  readonly options: OperationOptions;
}

/** Arguments of Operation. */
export type OperationArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & { definition: OperationSpec };

/** What functional models of Keras compute between layers, as in `x + 1` and `keras.ops.mean(x, axis=1)`. Masks end here. */
export class Operation extends KeepsTexts {
  static readonly className = "Operation";
  /** What is computed */
  readonly definition: OperationSpec;

  /** @throws {RangeError} when the operation is unknown, or has other options or operands */
  constructor(args: OperationArgs) {
    super(args);
    this.definition = args.definition;
    const { operation, operands, options } = args.definition;
    const refuse = (rule: string): never => {
      throw new RangeError(`Cannot build Operation: ${rule}`);
    };
    if (!Object.hasOwn(operations, operation))
      refuse(`operation must be one of ${Object.keys(operations).join(", ")}, got ${operation}`);
    const { count = operands.length } = this.#known;
    if (operands.length !== count) refuse(`${operation} must have ${count} operands, got ${operands.length}`);
    const odd = Object.keys(options).find((name) => !Object.hasOwn(this.#known.options, name));
    if (odd !== undefined)
      refuse(`${operation} must not have the option ${odd}, got ${JSON.stringify(options[odd])}`);
  }

  get #known(): OperationDefinition {
    return operations[this.definition.operation] as OperationDefinition;
  }

  get #options(): OperationOptions {
    return { ...this.#known.options, ...this.definition.options };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const given = (Array.isArray(inputShape[0]) ? [...inputShape] : [inputShape]) as Shape[];
    const shapes = this.definition.operands.map((operand) =>
      operand === null ? (given.shift() ?? []) : sizes(operand),
    );
    return [...this.#known.shape(shapes, this.#options)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const given = [inputs].flat();
      const [like] = given;
      const tensors = this.definition.operands.map(
        (operand) => (operand === null ? given.shift() : constant(operand, like)) as tf.Tensor,
      );
      const result = this.#known.compute(tensors, this.#options);
      return tensors.includes(result) ? result.clone() : result;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return keepTexts({ ...super.getConfig(), definition: this.definition });
  }
}

/** A number beside whole numbers is one, too, if it can be. */
function constant(operand: Operand, like: tf.Tensor | undefined): tf.Tensor {
  const isWhole = like?.dtype === "int32" && areWhole(operand);
  return tf.tensor(operand as number, undefined, isWhole ? "int32" : "float32");
}

function areWhole(operand: Operand): boolean {
  return Array.isArray(operand) ? operand.every(areWhole) : Number.isInteger(operand);
}

function sizes(operand: Operand): Shape {
  return Array.isArray(operand) ? [operand.length, ...sizes(operand[0] ?? 0)] : [];
}
