import { requireInteger } from "../arguments.js";
import { RandomGenerator } from "../random/index.js";
import { Matrix, type MatrixLike } from "./matrix.js";
import { Parameter } from "./parameter.js";

/** How a layer's weights begin. */
export interface WeightOptions {
  /** Range of the uniform distribution that weights are drawn from, `[low, high)`; `[0, 1)` unless given */
  readonly range?: readonly [low: number, high: number];
  /** Where the weights come from; a generator with seed 0 unless given */
  readonly random?: RandomGenerator;
  /** Names of weight and bias in the formulas; those two words unless given */
  readonly names?: readonly [weight: string, bias: string];
}

/**
 * A fully connected layer on row vectors, `y = x · W + b`.
 *
 * @example
 * ```ts
 * import { LinearLayer } from "rnnlab/recurrent";
 * const layer = new LinearLayer(3, 2);
 * console.log(layer.forward([[1, 2, 3]]).shape); // [ 1, 2 ]
 * ```
 */
export class LinearLayer {
  /** W, `[inputDim, outDim]` */
  readonly weight: Parameter;
  /** b, `[1, outDim]`, where there is one */
  readonly bias: Parameter | undefined;

  /**
   * @param inputDim - size of an input row, a positive integer
   * @param outDim - size of an output row, a positive integer
   * @param bias - whether there is one; true unless given
   * @param options - the distribution of weights and bias
   * @throws {RangeError} when a size is not a positive integer
   */
  constructor(inputDim: number, outDim: number, bias = true, options: WeightOptions = {}) {
    requireInteger("create LinearLayer", "inputDim", inputDim, 1);
    requireInteger("create LinearLayer", "outDim", outDim, 1);
    const { range = [0, 1], random = new RandomGenerator(0), names = ["weight", "bias"] } = options;
    const [low, high] = range;
    const uniform = () => random.uniform(low, high);
    this.weight = new Parameter(names[0], Matrix.generate(inputDim, outDim, uniform));
    this.bias = bias ? new Parameter(names[1], Matrix.generate(1, outDim, uniform)) : undefined;
  }

  /** Weight and, where there is one, bias */
  get parameters(): Parameter[] {
    return this.bias === undefined ? [this.weight] : [this.weight, this.bias];
  }

  /**
   * @param x - inputs, one a row, `[n, inputDim]`
   * @returns outputs, float64 `[n, outDim]`
   * @throws {RangeError} when the inputs have another size
   */
  forward(x: MatrixLike): Matrix {
    const y = Matrix.from(x).times(this.weight.value);
    return this.bias === undefined ? y : y.plus(this.bias.value);
  }

  /**
   * The chain rule: adds `∂L/∂W = xᵀ · ∂L/∂y` and `∂L/∂b = Σ ∂L/∂y` to the gradients.
   *
   * @param x - the inputs of the forward pass, `[n, inputDim]`
   * @param dy - `∂L/∂y`, `[n, outDim]`
   * @returns `∂L/∂x = ∂L/∂y · Wᵀ`, float64 `[n, inputDim]`
   * @throws {RangeError} when the shapes do not fit
   */
  backward(x: Matrix, dy: Matrix): Matrix {
    this.weight.gradient.add(x.transpose().times(dy));
    this.bias?.gradient.add(dy.sumRows());
    return dy.times(this.weight.value.transpose());
  }
}
