import { requireInteger } from "../arguments.js";
import { ProgressBar } from "../display/index.js";
import type { Loss } from "./loss.js";
import type { MatrixLike } from "./matrix.js";
import type { RecurrentNetwork } from "./recurrent-network.js";
import type { Optimizer } from "./sgd.js";

/** A pause for messages and interrupts is due after this many milliseconds. */
const LONGEST_BLOCK = 100;

/** What {@link train} prints. */
export interface TrainReporting {
  /** After how many epochs each a line is printed, a positive integer; 1 unless given. The last epoch has one, too */
  readonly printEvery?: number;
}

/**
 * Trains a network: for every epoch and every sequence, in order, forward pass, loss, backward pass, step. Shows a
 * progress bar and prints the mean loss of an epoch.
 *
 * @param sequences - inputs, `[n]` sequences of `[T, inputDim]`
 * @param targets - `[n]` sequences of `[T, outDim]`
 * @param model - the network; its weights change
 * @param loss - the loss with its gradient
 * @param optimizer - what steps
 * @param epochs - how many times all sequences are used, a positive integer
 * @param reporting - how often the loss is printed
 * @returns the mean loss of each epoch, `[epochs]`
 * @throws {RangeError} when there are no sequences, not as many targets, shapes do not fit, or gradients are not
 * finite, or a count is not a positive integer
 * @example
 * ```ts
 * import { MSELoss, RecurrentNetwork, Sgd, train } from "rnnlab/recurrent";
 * const model = new RecurrentNetwork(1, 2, 1);
 * const losses = await train([[0, 1]], [[1, 0]], model, new MSELoss(), new Sgd({ learningRate: 0.1 }), 2);
 * console.log(losses.length); // 2
 * ```
 */
export async function train(
  sequences: readonly MatrixLike[],
  targets: readonly MatrixLike[],
  model: RecurrentNetwork,
  loss: Loss,
  optimizer: Optimizer,
  epochs: number,
  { printEvery = 1 }: TrainReporting = {},
): Promise<number[]> {
  requireInteger("train", "epochs", epochs, 1);
  requireInteger("train", "printEvery", printEvery, 1);
  if (sequences.length === 0 || sequences.length !== targets.length) {
    throw new RangeError(
      `Cannot train: there must be as many targets as sequences and at least one, got ${sequences.length} sequences and ${targets.length} targets`,
    );
  }
  const bar = new ProgressBar(epochs * sequences.length);
  const losses: number[] = [];
  let pausedAt = performance.now();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let sum = 0;
    for (const [i, sequence] of sequences.entries()) {
      const target = targets[i] ?? [];
      const outputs = model.forward(sequence);
      sum += loss.value(outputs, target);
      model.backward(loss.gradient(outputs, target));
      optimizer.step(model.parameters);
      bar.update((epoch - 1) * sequences.length + i + 1, () => `epoch ${epoch}/${epochs}`);
      if (performance.now() - pausedAt > LONGEST_BLOCK) {
        await new Promise((resolve) => setImmediate(resolve));
        pausedAt = performance.now();
      }
    }
    losses.push(sum / sequences.length);
    if (epoch % printEvery === 0 || epoch === epochs) {
      console.log(`epoch ${epoch}/${epochs}: loss ${losses.at(-1)?.toPrecision(6)}`);
    }
  }
  bar.finish(`${epochs} epochs`);
  return losses;
}
