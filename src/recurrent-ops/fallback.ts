import * as tf from "../tensorflow.js";
import {
  type ActivationFunction,
  type CellName,
  cellTraits,
  type RecurrentActivation,
  type RecurrentCall,
  type RecurrentResult,
} from "./call.js";
import { isDifferentiatedTwice, sigmoid, tanh } from "./second-gradients.js";

type States = readonly tf.Tensor2D[];

/** Multiplies a state `[batch, units]` with the kernels of some gates. */
type Product = (h: tf.Tensor) => tf.Tensor;

/** What is the same at every step. */
interface Constants {
  /** With the kernels of all gates, or where a gate acts in between, of those before and of those after. */
  readonly products: readonly [Product, Product?];
  /** What is added to the first product. */
  readonly stateBias: tf.Tensor | undefined;
}

/** One step: from the input's share of the gates and the state before to the state after, with h first. */
type Step = (
  z: tf.Tensor2D,
  states: readonly [tf.Tensor2D, tf.Tensor2D?],
  options: RecurrentCall["options"],
  constants: Constants,
) => States;

/**
 * Runs a recurrent layer with TensorFlow's own ops, a few for each step: the same numbers as the fused op to
 * rounding, gradients by tfjs.
 *
 * @param call - what to run
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
  const constants = constantsOf(call);
  let states: States = call.initialState ?? Array.from({ length: cellTraits[call.cell].states }, () => zeros);
  let output: tf.Tensor2D = zeros;
  const outputs = steps.map((step, i) => {
    const isValid = masks?.[i]?.expandDims(1);
    const next = stepOf[call.cell](step, states as Parameters<Step>[1], options, constants);
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
  const masks = dropoutMasks?.input;
  if (!masks) return tf.matMul(rows(x), kernel);
  // tfjs has no gradient for split() with a single result either.
  const kernels = masks.length === 1 ? [kernel] : tf.split(kernel, masks.length, 1);
  const products = masks.map((mask, gate) =>
    tf.matMul(rows(tf.mul(x, tf.expandDims(mask, 1))), kernels[gate] as tf.Tensor),
  );
  return tf.concat(products, 1);
}

function inputBias({ cell, bias }: RecurrentCall): tf.Tensor {
  if (bias === undefined) return tf.scalar(0);
  return cell === "gru" ? tf.gather(bias, 0) : bias;
}

function constantsOf({ cell, recurrentKernel, bias, dropoutMasks, units }: RecurrentCall): Constants {
  const masks = dropoutMasks?.state;
  const stateBias = cell === "gru" && bias ? tf.gather(bias, 1) : undefined;
  const { gates, gatesOfState: count } = cellTraits[cell];
  if (count === gates) return { products: [productWith(recurrentKernel, masks)], stateBias };
  const columns = [count * units, (gates - count) * units];
  const [before, after] = tf.split(recurrentKernel, columns, 1) as [tf.Tensor2D, tf.Tensor2D];
  const products = [
    productWith(before, masks?.slice(0, count)),
    productWith(after, masks?.slice(count)),
  ] as const;
  return { products, stateBias };
}

/** h·R, where each gate sees what dropout leaves it of h. */
function productWith(kernel: tf.Tensor2D, masks: readonly tf.Tensor[] | undefined): Product {
  if (!masks) return (h) => tf.matMul(h, kernel);
  const gates = masks.length;
  const [units, columns] = kernel.shape;
  const stacked = tf.stack([...masks]);
  const kernels = tf.transpose(tf.reshape(kernel, [units, gates, columns / gates]), [1, 0, 2]);
  return (h) => tf.reshape(tf.transpose(tf.matMul(tf.mul(stacked, h), kernels), [1, 0, 2]), [-1, columns]);
}

const simpleRnn: Step = (z, [h], options, { products: [product] }) => [
  activate(options.activation, tf.add(z, product(h))),
];

const lstm: Step = (z, [h, c], options, { products: [product] }) => {
  const [i, f, g, o] = tf.split(tf.add(z, product(h)), 4, 1) as Gates;
  const gate = (value: tf.Tensor) => activate(options.recurrentActivation, value);
  const next = tf.add(tf.mul(gate(f), c as tf.Tensor), tf.mul(gate(i), activate(options.activation, g)));
  return [tf.mul(gate(o), activate(options.activation, next)), next as tf.Tensor2D];
};

const gru: Step = (z, [h], options, { products: [product], stateBias }) => {
  const inner = stateBias ? tf.add(product(h), stateBias) : product(h);
  const [zu, zr, zc] = tf.split(z, 3, 1) as Gates;
  const [hu, hr, hc] = tf.split(inner, 3, 1) as Gates;
  const r = activate(options.recurrentActivation, tf.add(zr, hr));
  const candidate = activate(options.activation, tf.add(zc, tf.mul(r, hc)));
  return [mix(activate(options.recurrentActivation, tf.add(zu, hu)), h, candidate)];
};

const gruResetBefore: Step = (z, [h], options, { products: [product, candidateProduct = product] }) => {
  const [zu, zr, zc] = tf.split(z, 3, 1) as Gates;
  const [hu, hr] = tf.split(product(h), 2, 1) as Gates;
  const r = activate(options.recurrentActivation, tf.add(zr, hr));
  const candidate = activate(options.activation, tf.add(zc, candidateProduct(tf.mul(r, h))));
  return [mix(activate(options.recurrentActivation, tf.add(zu, hu)), h, candidate)];
};

const stepOf: Readonly<Record<CellName, Step>> = { simpleRnn, lstm, gru, gruResetBefore };

type Gates = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** u·before + (1 − u)·after */
function mix(u: tf.Tensor, before: tf.Tensor, after: tf.Tensor): tf.Tensor2D {
  return tf.add(tf.mul(u, before), tf.mul(tf.sub(1, u), after));
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
      return (isDifferentiatedTwice() ? tanh(x) : tf.tanh(x)) as tf.Tensor2D;
    case "sigmoid":
      return (isDifferentiatedTwice() ? sigmoid(x) : tf.sigmoid(x)) as tf.Tensor2D;
    case "hardSigmoid":
      return line(0.2) as tf.Tensor2D;
    case "hardSigmoid6":
      return line(1 / 6) as tf.Tensor2D;
  }
}
