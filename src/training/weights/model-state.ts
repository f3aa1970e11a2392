import { FusedOptimizer } from "../../optimizers/index.js";
import * as tf from "../../tensorflow.js";
import { type NamedTensor, type PackedTensors, packTensors, unpackTensors } from "./tensor-bytes.js";

/** What a model is at one moment of its training: its weights, then what its optimiser keeps. */
export interface ModelState extends PackedTensors {
  /** How many of the tensors are weights */
  readonly weights: number;
  /** Whether the optimiser's class tells what it keeps */
  readonly hasOptimizer: boolean;
  /** Undefined where the optimiser has none that can be set */
  readonly learningRate: number | undefined;
}

/**
 * Copies what a model is now.
 *
 * @param model - a compiled model
 * @returns the copy
 */
export async function readState(model: tf.LayersModel): Promise<ModelState> {
  const { optimizer } = model;
  const weights = model.getWeights().map((tensor) => ({ name: "", tensor }));
  const hasOptimizer = optimizer.getWeights !== tf.Optimizer.prototype.getWeights;
  const kept = hasOptimizer ? await optimizer.getWeights() : [];
  try {
    return {
      ...packTensors([...weights, ...kept]),
      weights: weights.length,
      hasOptimizer,
      learningRate: optimizer instanceof FusedOptimizer ? optimizer.learningRate : undefined,
    };
  } finally {
    disposeCopies(kept);
  }
}

/**
 * Gives an optimiser back what it kept.
 *
 * @param optimizer - the one that the state was read from
 * @param state - as {@link readState} gave it
 */
export async function writeOptimizer(optimizer: tf.Optimizer, state: ModelState): Promise<void> {
  const { bytes, learningRate } = state;
  const before = await optimizer.getWeights();
  const given = unpackTensors({ headers: state.headers.slice(state.weights), bytes });
  try {
    await optimizer.setWeights(given);
    // tfjs's own forget the variables that they had, and dispose of none.
    if (!(optimizer instanceof FusedOptimizer)) tf.dispose(before.map(({ tensor }) => tensor));
  } finally {
    disposeCopies([...before, ...given]);
  }
  if (optimizer instanceof FusedOptimizer && learningRate !== undefined)
    optimizer.learningRate = learningRate;
}

/** Optimisers of tfjs give their variables away, ours copies. */
function disposeCopies(tensors: readonly NamedTensor[]): void {
  tf.dispose(tensors.map(({ tensor }) => tensor).filter((tensor) => !(tensor instanceof tf.Variable)));
}

/**
 * Sets the weights of a model.
 *
 * @param model - the one that they were read from
 * @param state - as {@link readState} gave it
 */
export function writeWeights(model: tf.LayersModel, { headers, weights, bytes }: ModelState): void {
  const tensors = unpackTensors({ headers: headers.slice(0, weights), bytes }).map(({ tensor }) => tensor);
  try {
    model.setWeights(tensors);
  } finally {
    tf.dispose(tensors);
  }
}
