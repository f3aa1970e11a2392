import type { Loss } from "./loss.js";
import { Matrix, type MatrixLike } from "./matrix.js";
import type { RecurrentNetwork } from "./recurrent-network.js";

/** `∂L/∂w` of every parameter, by its name. */
export type Gradients = Readonly<Record<string, Matrix>>;

/**
 * The gradients of a loss by backpropagation through time, as {@link RecurrentNetwork.backward} sums them.
 *
 * @param network - the network; its own gradients are zero afterwards
 * @param sequence - inputs `[T, inputDim]`
 * @param targets - `[T, outDim]`
 * @param loss - the loss
 * @returns one matrix for each parameter, shaped like it
 * @throws {RangeError} when the shapes do not fit
 * @example
 * ```ts
 * import { backpropagatedGradients, MSELoss, RecurrentNetwork } from "rnnlab/recurrent";
 * const gradients = backpropagatedGradients(new RecurrentNetwork(1, 2, 1), [0, 1], [1, 0], new MSELoss());
 * console.log(Object.keys(gradients).join(" ")); // wx bias wh wo bo
 * ```
 */
export function backpropagatedGradients(
  network: RecurrentNetwork,
  sequence: MatrixLike,
  targets: MatrixLike,
  loss: Loss,
): Gradients {
  return collectGradients(network, () => {
    network.backward(loss.gradient(network.forward(sequence), targets));
  });
}

/** The gradients that a function adds up, which leaves the network's own at zero. */
export function collectGradients(network: RecurrentNetwork, addUp: () => void): Gradients {
  const clear = () => {
    for (const { gradient } of network.parameters) gradient.values.fill(0);
  };
  clear();
  addUp();
  const sums = network.parameters.map(({ name, gradient }) => [name, gradient.scale(1)] as const);
  clear();
  return Object.fromEntries(sums);
}

/**
 * The gradients of a loss by central finite differences, `(L(w + ε) − L(w − ε)) / 2ε` for every single weight: slow,
 * and independent of any derivation.
 *
 * @param network - the network; its weights are the same afterwards
 * @param sequence - inputs `[T, inputDim]`
 * @param targets - `[T, outDim]`
 * @param loss - the loss
 * @param epsilon - ε, a positive number; 1e-5 unless given
 * @returns one matrix for each parameter, shaped like it
 * @throws {RangeError} when the shapes do not fit, or ε is not positive
 * @example
 * ```ts
 * import * as recurrent from "rnnlab/recurrent";
 * const network = new recurrent.RecurrentNetwork(1, 2, 1);
 * const problem = [network, [0, 1], [1, 0], new recurrent.MSELoss()] as const;
 * const expected = recurrent.numericGradients(...problem);
 * const errors = recurrent.relativeErrors(recurrent.backpropagatedGradients(...problem), expected);
 * console.log(Object.values(errors).every((error) => error < 1e-8)); // true
 * ```
 */
export function numericGradients(
  network: RecurrentNetwork,
  sequence: MatrixLike,
  targets: MatrixLike,
  loss: Loss,
  epsilon = 1e-5,
): Gradients {
  if (!(epsilon > 0)) {
    throw new RangeError(`Cannot compute numeric gradients: epsilon must be positive, got ${epsilon}`);
  }
  const lossAt = () => loss.value(network.run(sequence).outputs, targets);
  const gradients = network.parameters.map(({ name, value: { shape, values } }) => {
    const slopes = values.map((weight, i) => {
      values[i] = weight + epsilon;
      const above = lossAt();
      values[i] = weight - epsilon;
      const below = lossAt();
      values[i] = weight;
      return (above - below) / (2 * epsilon);
    });
    return [name, new Matrix(...shape, slopes)] as const;
  });
  return Object.fromEntries(gradients);
}

/**
 * How far gradients are from others, `‖a − b‖ / (‖a‖ + ‖b‖)` for each parameter: 0 when they are equal, 1 when one is
 * zero or they are opposite. Two zeros are equal.
 *
 * @param actual - one matrix for each parameter
 * @param expected - the same parameters, such as finite differences
 * @returns the relative error of each parameter
 * @throws {RangeError} when a parameter is missing or its shape differs
 */
export function relativeErrors(actual: Gradients, expected: Gradients): Record<string, number> {
  const errors = Object.entries(expected).map(([name, wanted]) => {
    const given = actual[name];
    if (given === undefined || `${given}` !== `${wanted}`) {
      throw new RangeError(`Cannot compare gradients: ${name} must have shape ${wanted}, got ${given}`);
    }
    const size = given.norm() + wanted.norm();
    return [name, size === 0 ? 0 : given.minus(wanted).norm() / size] as const;
  });
  return Object.fromEntries(errors);
}
