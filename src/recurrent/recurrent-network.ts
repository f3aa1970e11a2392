import { requireInteger } from "../arguments.js";
import { requireFinite } from "../preprocessing/arrays.js";
import { RandomGenerator } from "../random/index.js";
import { LinearLayer } from "./linear-layer.js";
import { Matrix, type MatrixLike } from "./matrix.js";
import type { Parameter } from "./parameter.js";

/** How a network's weights begin. */
export interface RecurrentNetworkOptions {
  /** Range of the uniform distribution that weights are drawn from, `[low, high)`; `[0, 1)` unless given */
  readonly range?: readonly [low: number, high: number];
  /** Seed of the weights, an integer from 0 to 2³² − 1; 0 unless given */
  readonly seed?: number;
}

/** What a forward pass keeps for the backward pass. */
export interface ForwardPass {
  /** The input sequence, `[T, inputDim]` */
  readonly inputs: Matrix;
  /** The states before each step, h₀ … h_{T−1}, `[T, hiddenDim]` */
  readonly before: Matrix;
  /** The states after each step, h₁ … h_T, `[T, hiddenDim]` */
  readonly states: Matrix;
  /** The outputs o₁ … o_T, `[T, outDim]` */
  readonly outputs: Matrix;
}

/**
 * A recurrent network from scratch, on row vectors:
 *
 * `h_t = tanh(x_t · wx + h_{t−1} · wh + bias)`, `o_t = h_t · wo + bo`,
 *
 * trained by backpropagation through time in reverse accumulation, which takes O(T · d²): one row vector, `∂L/∂h_t`,
 * is carried from the last step to the first.
 *
 * @example
 * ```ts
 * import { MSELoss, RecurrentNetwork } from "rnnlab/recurrent";
 * const network = new RecurrentNetwork(1, 4, 1, { seed: 7 });
 * const outputs = network.forward([0, 0.5, 1]);
 * network.backward(new MSELoss().gradient(outputs, [0.5, 1, 1]));
 * console.log(network.parameters.map(({ name }) => name).join(" ")); // wx bias wh wo bo
 * ```
 */
export class RecurrentNetwork {
  /** wx `[inputDim, hiddenDim]` and bias `[1, hiddenDim]` */
  readonly input: LinearLayer;
  /** wh `[hiddenDim, hiddenDim]` */
  readonly recurrent: LinearLayer;
  /** wo `[hiddenDim, outDim]` and bo `[1, outDim]` */
  readonly output: LinearLayer;
  /** All that is trained: wx, bias, wh, wo, bo */
  readonly parameters: readonly Parameter[];
  #pass: ForwardPass | undefined;

  /**
   * @param inputDim - size of an input row, a positive integer
   * @param hiddenDim - size of the state, a positive integer
   * @param outDim - size of an output row, a positive integer
   * @param options - range and seed of the weights
   * @throws {RangeError} when a size is not a positive integer, or the seed is out of range
   */
  constructor(
    readonly inputDim: number,
    readonly hiddenDim: number,
    readonly outDim: number,
    options: RecurrentNetworkOptions = {},
  ) {
    const sizes = { inputDim, hiddenDim, outDim };
    for (const [name, size] of Object.entries(sizes))
      requireInteger("create RecurrentNetwork", name, size, 1);
    const { range = [0, 1], seed = 0 } = options;
    const random = new RandomGenerator(seed);
    this.input = new LinearLayer(inputDim, hiddenDim, true, { range, random, names: ["wx", "bias"] });
    this.recurrent = new LinearLayer(hiddenDim, hiddenDim, false, { range, random, names: ["wh", ""] });
    this.output = new LinearLayer(hiddenDim, outDim, true, { range, random, names: ["wo", "bo"] });
    const layers = [this.input, this.recurrent, this.output];
    this.parameters = layers.flatMap((layer) => layer.parameters);
  }

  /**
   * Runs through a sequence and keeps states and outputs for the backward pass.
   *
   * @param sequence - inputs `[T, inputDim]`, or `[T]` for inputDim 1
   * @param initialState - h₀, `[1, hiddenDim]`; zeros unless given
   * @returns the outputs, float64 `[T, outDim]`
   * @throws {RangeError} when sequence or state have another shape, or the sequence is empty or not finite
   * @throws {TypeError} when the sequence is no array of numbers, or of rows of numbers
   */
  forward(sequence: MatrixLike, initialState?: Matrix): Matrix {
    this.#pass = this.run(sequence, initialState);
    return this.#pass.outputs;
  }

  /**
   * A forward pass that gives all it computed and keeps nothing, as for sampling step by step.
   *
   * @param sequence - as for {@link RecurrentNetwork.forward}
   * @param initialState - as for {@link RecurrentNetwork.forward}
   * @returns inputs, states and outputs of every step
   * @throws {RangeError | TypeError} when {@link RecurrentNetwork.forward} does
   */
  run(sequence: MatrixLike, initialState = new Matrix(1, this.hiddenDim)): ForwardPass {
    const inputs = Matrix.from(sequence);
    if (inputs.columns !== this.inputDim) {
      throw new RangeError(
        `Cannot run RecurrentNetwork: sequence must have shape [T, ${this.inputDim}], got ${inputs}`,
      );
    }
    requireFinite("run RecurrentNetwork", "sequence", inputs.values);
    const fromInputs = this.input.forward(inputs);
    const before = new Matrix(inputs.rows, this.hiddenDim);
    const states = new Matrix(inputs.rows, this.hiddenDim);
    let h = initialState;
    for (let t = 0; t < inputs.rows; t++) {
      before.row(t).set(h);
      h = fromInputs.row(t).plus(this.recurrent.forward(h)).map(Math.tanh);
      states.row(t).set(h);
    }
    return { inputs, before, states, outputs: this.output.forward(states) };
  }

  /**
   * Backpropagation through time over the last forward pass: adds the gradients of all parameters. With
   * `a_t` what tanh is applied to,
   *
   * `∂L/∂h_t = ∂L/∂o_t · woᵀ + ∂L/∂a_{t+1} · whᵀ`, `∂L/∂a_t = ∂L/∂h_t ⊙ (1 − h_t²)`.
   *
   * @param outputGradient - `∂L/∂o`, `[T, outDim]`
   * @returns `∂L/∂x`, float64 `[T, inputDim]`
   * @throws {RangeError} when there was no forward pass, or the gradient has another shape than its outputs
   */
  backward(outputGradient: Matrix): Matrix {
    const { inputs, before, states } = this.#passWith(outputGradient);
    const fromOutputs = this.output.backward(states, outputGradient);
    const whT = this.recurrent.weight.value.transpose();
    const da = new Matrix(states.rows, this.hiddenDim);
    let fromNext = new Matrix(1, this.hiddenDim);
    for (let t = states.rows - 1; t >= 0; t--) {
      const dh = fromOutputs.row(t).plus(fromNext);
      da.row(t).set(dh.hadamard(states.row(t).map((h) => 1 - h * h)));
      fromNext = da.row(t).times(whT);
    }
    this.recurrent.backward(before, da);
    return this.input.backward(inputs, da);
  }

  #passWith(outputGradient: Matrix): ForwardPass {
    const pass = this.#pass;
    if (pass === undefined) {
      throw new RangeError("Cannot backpropagate: forward must be called first, got no pass yet");
    }
    if (`${pass.outputs}` !== `${outputGradient}`) {
      throw new RangeError(
        `Cannot backpropagate: the gradient must have the outputs' shape ${pass.outputs}, got ${outputGradient}`,
      );
    }
    return pass;
  }
}
