import type { CellName } from "../recurrent-ops/call.js";
import type { DropoutMasks, RecurrentResult } from "../recurrent-ops/index.js";
import { obstacleOf, recurrent } from "../recurrent-ops/recurrent.js";
import type * as tf from "../tensorflow.js";
import type { StockCell } from "../tfjs/stock.js";
import { opActivation } from "./activations.js";
import { announceOps } from "./announce.js";

/** tfjs's `cast`, which runs an op for nothing where the dtype is right already. */
export function cast(tensor: tf.Tensor, dtype: tf.DataType): tf.Tensor {
  return tensor.dtype === dtype ? tensor : tensor.cast(dtype);
}

/** What a layer is called with. */
export interface LayerInputs {
  /** `[batch, time, features]` */
  readonly x: tf.Tensor;
  /** bool `[batch, time]` */
  readonly mask?: tf.Tensor | undefined;
  readonly initialState?: readonly tf.Tensor[] | undefined;
  readonly dropoutMasks?: DropoutMasks | undefined;
}

/** How a layer runs through time. */
export interface RunOptions {
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  /** Whether the layer puts its states out */
  readonly returnState: boolean;
  /** Whether it keeps them for the next batch */
  readonly stateful: boolean;
}

/**
 * Runs a recurrent cell's weights through time: one op, where the fused ops are built and know its options.
 *
 * @param cell - a built cell
 * @param kind - which one it is
 * @param inputs - what its layer is called with
 * @param options - how the layer runs
 * @returns outputs and, if the layer returns or keeps them, states
 */
export function runRecurrent(
  cell: StockCell,
  kind: CellName,
  { x, mask, initialState, dropoutMasks }: LayerInputs,
  { goBackwards, returnSequences, returnState, stateful }: RunOptions,
): RecurrentResult {
  const { kernel, recurrentKernel, bias, activation, recurrentActivation } = cell;
  const activations = {
    activation: opActivation(activation),
    ...(recurrentActivation ? { recurrentActivation: opActivation(recurrentActivation) } : {}),
  };
  announceOps(obstacleOf(kind, activations, dropoutMasks));
  return recurrent(
    kind,
    {
      x: x as tf.Tensor3D,
      kernel: kernel.read() as tf.Tensor2D,
      recurrentKernel: recurrentKernel.read() as tf.Tensor2D,
      bias: bias?.read(),
      mask: mask as tf.Tensor2D | undefined,
      initialState: initialState as readonly tf.Tensor2D[] | undefined,
      dropoutMasks,
    },
    {
      ...activations,
      goBackwards,
      returnSequences,
      returnState: returnState || stateful,
    },
  );
}
