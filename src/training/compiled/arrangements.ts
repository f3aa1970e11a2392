import type { TensorId } from "../../tfjs/recording.js";
import { type Known, product, type Translation } from "./translation.js";

// Ops that only move numbers, as src/native/arrangement.cc moves them.

/** An axis of a tensor, with how many numbers lie before and after it; counted from the end where it is negative. */
function around(shape: readonly number[], axis: number) {
  const at = axis < 0 ? axis + shape.length : axis;
  return { outer: product(shape.slice(0, at)), size: shape[at] ?? 1, inner: product(shape.slice(at + 1)) };
}

/** The integers of an input that came from JavaScript. */
function integers(id: TensorId | undefined, known: Known): readonly number[] | undefined {
  const constant = id === undefined ? undefined : known.constant(id);
  return constant && Array.from(constant.values);
}

export const concatenation: Translation = ({ inputs }, known) => {
  const [parts, [axis] = []] = [inputs.slice(0, -1), integers(inputs.at(-1), known)];
  const [first] = parts;
  if (first === undefined || axis === undefined) return undefined;
  const { outer } = around(known.shapeOf(first), axis);
  return { operation: { kind: "concatenation", attributes: { outer, count: parts.length }, inputs: parts } };
};

/** Along a new axis. */
export const stack: Translation = ({ attributes: { axis }, inputs }, known) => {
  const [first] = inputs;
  if (first === undefined) return undefined;
  const { outer } = around([...known.shapeOf(first), 1], Number(axis));
  return { operation: { kind: "concatenation", attributes: { outer, count: inputs.length } } };
};

export const unstack: Translation = ({ attributes: { axis }, inputs: [x] }, known) => {
  if (x === undefined) return undefined;
  const { outer, size, inner } = around(known.shapeOf(x), Number(axis));
  return { operation: { kind: "split", attributes: { outer, widths: Array(size).fill(inner).join() } } };
};

export const split: Translation = ({ inputs: [x, sizes, axis] }, known) => {
  const [numbers, [at] = []] = [integers(sizes, known), integers(axis, known)];
  if (x === undefined || numbers === undefined || at === undefined) return undefined;
  const { outer, inner } = around(known.shapeOf(x), at);
  const widths = numbers.map((size) => size * inner).join();
  return { operation: { kind: "split", attributes: { outer, widths }, inputs: [x] } };
};

/** Along one axis: the others are as they were. */
export const slice: Translation = ({ inputs: [x, begin], outputs: [output] }, known) => {
  const from = integers(begin, known);
  if (x === undefined || output === undefined || from === undefined) return undefined;
  const shape = known.shapeOf(x);
  const cut = shape.flatMap((size, axis) => (size === output.shape[axis] ? [] : [axis]));
  if (cut.length > 1) return undefined;
  const { outer, inner } = around(shape, cut[0] ?? 0);
  const [first, width] = [(from[cut[0] ?? 0] ?? 0) * inner, (output.shape[cut[0] ?? 0] ?? 1) * inner];
  return { operation: { kind: "split", attributes: { outer, first, widths: String(width) }, inputs: [x] } };
};

/** The gradient of a slice: zeros along one axis. */
export const padding: Translation = ({ inputs: [x, widths, value] }, known) => {
  const [numbers, [zero] = []] = [integers(widths, known), integers(value, known)];
  if (x === undefined || numbers === undefined || zero !== 0) return undefined;
  const shape = known.shapeOf(x);
  const padded = shape.flatMap((_, axis) => (numbers[2 * axis] || numbers[2 * axis + 1] ? [axis] : []));
  if (padded.length > 1) return undefined;
  const axis = padded[0] ?? 0;
  const { outer, inner } = around(shape, axis);
  const [before, after] = [(numbers[2 * axis] ?? 0) * inner, (numbers[2 * axis + 1] ?? 0) * inner];
  return { operation: { kind: "padding", attributes: { outer, before, after }, inputs: [x] } };
};

export const reversal: Translation = ({ inputs: [x, axes] }, known) => {
  const [axis, ...others] = integers(axes, known) ?? [];
  if (x === undefined || axis === undefined || others.length > 0) return undefined;
  const { outer, inner } = around(known.shapeOf(x), axis);
  return { operation: { kind: "reversal", attributes: { outer, inner }, inputs: [x] } };
};

export const transposition: Translation = ({ inputs: [x, axes] }, known) => {
  const order = integers(axes, known);
  if (x === undefined || order === undefined) return undefined;
  const isTheSame = order.every((axis, i) => axis === i);
  return isTheSame
    ? { viewOf: x }
    : { operation: { kind: "transposition", attributes: { order: order.join() }, inputs: [x] } };
};

export const tiling: Translation = ({ inputs: [x, multiples] }, known) => {
  const times = integers(multiples, known)?.join();
  return x === undefined || times === undefined
    ? undefined
    : { operation: { kind: "tiling", attributes: { times }, inputs: [x] } };
};

/** Rows of a table. */
export const gathering: Translation = ({ attributes, inputs: [table, numbers, axis] }, known) => {
  const [at] = integers(axis, known) ?? [];
  if (table === undefined || numbers === undefined || at !== 0 || Number(attributes.batch_dims) !== 0)
    return undefined;
  return { operation: { kind: "gathering", attributes: {}, inputs: [table, numbers] } };
};

/** Ones among zeros. */
export const oneHot: Translation = ({ attributes: { axis }, inputs: [numbers, depth, on, off] }, known) => {
  const [columns, one, zero] = [depth, on, off].map((id) => integers(id, known)?.[0]);
  if (numbers === undefined || columns === undefined || Number(axis) !== -1 || one !== 1 || zero !== 0)
    return undefined;
  return { operation: { kind: "oneHot", attributes: { columns }, inputs: [numbers] } };
};
