import * as tf from "../tensorflow.js";
import {
  type ActivationFunction,
  type CellName,
  cells,
  type RecurrentActivation,
  type RecurrentCall,
  type RecurrentResult,
} from "./call.js";

type States = readonly tf.Tensor2D[];

/** One step: from the input's share of the gates and the state before to the state after, of which h comes first. */
type Step = (z: tf.Tensor2D, states: States, call: RecurrentCall) => States;

/**
 * Runs a recurrent layer with TensorFlow's own ops, a few for each step: the same numbers as the fused op to
 * rounding, gradients by tfjs.
 *
 * @param call what to run
 * @returns outputs and states
 */
export function runFallback(call: RecurrentCall): RecurrentResult {
  const results = tf.tidy(() => throughTime(call));
  const [outputs, ...states] = results;
  return { outputs: outputs as tf.Tensor, states: states as tf.Tensor2D[] };
}

function throughTime(call: RecurrentCall): tf.Tensor[] {
  const { x, mask, units, options } = call;
  const [batch, time] = x.shape;
  const z = tf.add(inputProduct(call), inputBias(call));
  // Not reversed in place: the arrays that unstack() gives belong to the tape.
  const inOrder = <T>(items: T[]) => (options.goBackwards ? items.toReversed() : items);
  // tfjs has no gradient for unstack() with a single result.
  const steps =
    time === 1
      ? [z as tf.Tensor2D]
      : inOrder(tf.unstack(tf.reshape(z, [batch, time, -1]), 1) as tf.Tensor2D[]);
  const masks = mask && inOrder(tf.unstack(mask, 1));
  const zeros = tf.zeros<tf.Rank.R2>([batch, units]);
  let states: States = call.initialState ?? Array.from({ length: cells[call.cell].states }, () => zeros);
  let output: tf.Tensor2D = zeros;
  const outputs = steps.map((step, i) => {
    const isValid = masks?.[i]?.expandDims(1);
    const next = stepOf[call.cell](step, states, call);
    const choose = (after: tf.Tensor2D, before: tf.Tensor2D) =>
      isValid ? (tf.where(isValid, after, before) as tf.Tensor2D) : after;
    states = next.map((state, n) => choose(state, states[n] ?? zeros));
    output = choose(next[0] ?? zeros, output);
    return output;
  });
  return [
    options.returnSequences ? tf.stack(outputs, 1) : output.clone(),
    ...(options.returnState ? states.map((state) => state.clone()) : []),
  ];
}

/** x·W for every step at once, `[batch × time, gates × units]`. */
function inputProduct({ x, kernel, dropoutMasks }: RecurrentCall): tf.Tensor {
  const [batch, time, features] = x.shape;
  const rows = (sequence: tf.Tensor) => tf.reshape(sequence, [batch * time, features]);
  if (!dropoutMasks?.input) return tf.matMul(rows(x), kernel);
  const masked = dropoutMasks.input.map((mask) => rows(tf.mul(x, tf.expandDims(mask, 1))));
  return gateProducts(masked, kernel);
}

/** h·R for the first gates of all, each of which sees what dropout leaves it of h. */
function product(h: tf.Tensor | undefined, kernel: tf.Tensor, masks?: readonly tf.Tensor[]): tf.Tensor2D {
  if (!masks) return tf.matMul(h as tf.Tensor2D, kernel as tf.Tensor2D);
  return gateProducts(
    masks.map((mask) => tf.mul(h as tf.Tensor, mask)),
    kernel,
  );
}

function gateProducts(inputs: readonly tf.Tensor[], kernel: tf.Tensor): tf.Tensor2D {
  const kernels = inputs.length === 1 ? [kernel] : tf.split(kernel, inputs.length, 1);
  const products = inputs.map((input, gate) => tf.matMul(input, kernels[gate] as tf.Tensor));
  return (products.length === 1 ? products[0] : tf.concat(products, 1)) as tf.Tensor2D;
}

function inputBias({ cell, bias }: RecurrentCall): tf.Tensor {
  if (bias === undefined) return tf.scalar(0);
  return cell === "gru" ? tf.gather(bias, 0) : bias;
}

const simpleRnn: Step = (z, [h], { recurrentKernel, dropoutMasks, options }) => [
  activate(options.activation, tf.add(z, product(h, recurrentKernel, dropoutMasks?.state))),
];

const lstm: Step = (z, [h, c], { recurrentKernel, dropoutMasks, options }) => {
  const fromState = product(h, recurrentKernel, dropoutMasks?.state);
  const [i, f, g, o] = tf.split(tf.add(z, fromState), 4, 1) as Gates;
  const gate = (value: tf.Tensor) => activate(options.recurrentActivation, value);
  const next = tf.add(tf.mul(gate(f), c as tf.Tensor), tf.mul(gate(i), activate(options.activation, g)));
  return [tf.mul(gate(o), activate(options.activation, next)), next as tf.Tensor2D];
};

const gru: Step = (z, [h], { recurrentKernel, bias, dropoutMasks, options }) => {
  const fromState = product(h, recurrentKernel, dropoutMasks?.state);
  const inner = bias ? tf.add(fromState, tf.gather(bias, 1)) : fromState;
  const [zu, zr, zc] = tf.split(z, 3, 1) as Gates;
  const [hu, hr, hc] = tf.split(inner, 3, 1) as Gates;
  const r = activate(options.recurrentActivation, tf.add(zr, hr));
  const candidate = activate(options.activation, tf.add(zc, tf.mul(r, hc)));
  return [mix(activate(options.recurrentActivation, tf.add(zu, hu)), h, candidate)];
};

const gruResetBefore: Step = (z, [h], { recurrentKernel, dropoutMasks, options, units }) => {
  const [zu, zr, zc] = tf.split(z, 3, 1) as Gates;
  const [kernel, candidateKernel] = tf.split(recurrentKernel, [2 * units, units], 1) as Gates;
  const [hu, hr] = tf.split(product(h, kernel, dropoutMasks?.state.slice(0, 2)), 2, 1) as Gates;
  const r = activate(options.recurrentActivation, tf.add(zr, hr));
  const inner = product(tf.mul(r, h as tf.Tensor), candidateKernel, dropoutMasks?.state.slice(2));
  const candidate = activate(options.activation, tf.add(zc, inner));
  return [mix(activate(options.recurrentActivation, tf.add(zu, hu)), h, candidate)];
};

const stepOf: Readonly<Record<CellName, Step>> = { simpleRnn, lstm, gru, gruResetBefore };

type Gates = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** u·before + (1 − u)·after */
function mix(u: tf.Tensor, before: tf.Tensor | undefined, after: tf.Tensor): tf.Tensor2D {
  return tf.add(tf.mul(u, before as tf.Tensor), tf.mul(tf.sub(1, u), after));
}

function activate(activation: RecurrentActivation | ActivationFunction, x: tf.Tensor): tf.Tensor2D {
  if (typeof activation === "function") return activation(x) as tf.Tensor2D;
  const line = (slope: number) => tf.clipByValue(tf.add(tf.mul(x, slope), 0.5), 0, 1);
  switch (activation) {
    case "linear":
      return x as tf.Tensor2D;
    case "relu":
      return tf.relu(x as tf.Tensor2D);
    case "tanh":
      return tf.tanh(x as tf.Tensor2D);
    case "sigmoid":
      return tf.sigmoid(x as tf.Tensor2D);
    case "hardSigmoid":
      return line(0.2) as tf.Tensor2D;
    case "hardSigmoid6":
      return line(1 / 6) as tf.Tensor2D;
  }
}
