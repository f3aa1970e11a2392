import * as tf from "./tensorflow.js";

/**
 * All that rnnlab puts in the place of tfjs's own: of each owner the members, each with its reason. Nothing else of tfjs
 * is changed. docs/architecture.md has the same list for readers.
 */
export const patches = {
  "tfjs-node's backend": {
    binding:
      "while a training step, a prediction or an evaluation is recorded, what it asks of TensorFlow is written down on the way",
  },
  "tfjs's models": {
    call: "each layer gets the mask of its own input, and nested models get and give masks",
    predictLoop:
      "prediction goes the same way, takes strings, and with rnnlab/training is one op where the model allows it",
    makeTrainFunction: "tfjs's own training goes the same way",
    makeTestFunction:
      "tfjs's own evaluation goes the same way, and with rnnlab/training is one op a batch, too",
    dispose: "weights of shared and nested layers are disposed of",
  },
  "tfjs's SimpleRNN, LSTM and GRU": {
    call: "with rnnlab/accelerate they run on the fused ops",
    getConfig: "copies made by tf.layers.bidirectional() stay tfjs's own",
  },
  "tfjs's TimeDistributed": { call: "with rnnlab/accelerate all steps are rows of one call" },
  "tfjs's Dense": { call: "with rnnlab/accelerate a matrix takes five ops a step" },
  "tfjs's Sigmoid and Softmax": { apply: "fit() computes cross-entropies of logits" },
  "tfjs's BatchNormalization": {
    call: "masked steps have no part in the moments, nothing is learned when it is frozen, gamma and beta may be missing",
  },
  "tfjs's LayerNormalization": { call: "gamma and beta may be missing in training, which takes fewer ops" },
  "tfjs's Concatenate": {
    call: "an axis is counted from the last; tfjs takes each negative one for the last",
    computeMask: "masks are joined along that axis, too",
  },
  "tfjs's Reshape": {
    computeOutputShape: "a size of -1 is worked out for a batch of any size; tfjs leaves it unknown",
  },
  "tfjs's merging layers": { computeMask: "masks are merged; tfjs leaves the last one out and adds an axis" },
  "tfjs's layers": { addWeight: "while a file is read, weights beyond its size are refused" },
  "layers of rnnlab": { setMaskMetadata: "tfjs would make each mask twice, and dispose of the first" },
  "a layer with activityRegularizer": {
    apply: "its outputs cost something; tfjs refuses the option",
    calculateLosses: "the cost is part of the loss",
    getConfig: "the option is saved",
  },
  "a variable with a constraint": { assign: "tfjs's optimisers ignore constraints" },
  "a cell of GRU": { addWeight: "with resetAfter it has two rows of biases" },
  "an orthogonal initialiser": { apply: "tfjs's is slow, and says so on the console" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Kernels of tfjs-node, and gradients of tfjs, that rnnlab puts its own before, each with its reason. */
export const kernelPatches = {
  GatherV2: "checks all indices at once; tfjs calls a function for each",
  Add: "the sum of two gradients that are lists of rows is one, too",
} as const;
export const gradientPatches = {
  GatherV2:
    "the gradient of a table is a list of rows until somebody else than an optimiser of rnnlab reads it",
} as const;

type Patches = typeof patches;

/**
 * Puts members of ours in the place of tfjs's.
 *
 * @param _owner - in the list of patches, which says why
 * @param target - an object, or a prototype
 * @param ours - the members, no others than the list has
 */
export function replaceMembers<Owner extends keyof Patches, Target extends object>(
  _owner: Owner,
  target: Target,
  ours: Partial<Pick<NoInfer<Target>, keyof Patches[Owner] & keyof Target>> & ThisType<NoInfer<Target>>,
): void {
  Object.assign(target, ours);
}

/**
 * Puts a kernel of ours before one of tfjs-node's.
 *
 * @param name - the kernel's name
 * @param ours - gets the stock function, and gives the one that is run from now on
 */
export function replaceKernel(
  name: keyof typeof kernelPatches,
  ours: (stock: tf.KernelFunc) => tf.KernelFunc,
): void {
  const stock = tf.getKernel(name, "tensorflow");
  tf.unregisterKernel(name, "tensorflow");
  tf.registerKernel({ ...stock, kernelFunc: ours(stock.kernelFunc) });
}

/**
 * Puts a gradient of ours before one of tfjs's.
 *
 * @param name - the kernel's name
 * @param ours - gets the stock function, and gives the one that is run from now on
 */
export function replaceGradient(
  name: keyof typeof gradientPatches,
  ours: (stock: tf.GradFunc) => tf.GradFunc,
): void {
  const stock = tf.getGradient(name);
  tf.registerGradient({ ...stock, gradFunc: ours(stock.gradFunc) });
}
