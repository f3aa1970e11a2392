import { inspect } from "node:util";
import { type TensorData, writeValues } from "./tensor-values.js";
import { type Class, defineView } from "./view.js";

/** A tensor of TensorFlow.js, as far as it is shown. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed: boolean;
  dataSync(): TensorData;
}

interface Variable extends Tensor {
  readonly name: string;
  readonly trainable: boolean;
}

interface Optimizer {
  getConfig(): object;
}

interface TensorLibrary {
  readonly Tensor?: Class<Tensor>;
  readonly Variable?: Class<Variable>;
  readonly Optimizer?: Class<Optimizer>;
}

/** Within another value only so few values are shown. */
const MOST_NESTED = 10;

/** Shape, type and values of a tensor: `Tensor [2, 2] float32` and the values below it. */
export function describeTensor(tensor: Tensor, nested: boolean, name = "Tensor", note = ""): string {
  const { shape, dtype, size, isDisposed } = tensor;
  const title = `${name} [${shape.join(", ")}] ${dtype}${note}`;
  if (isDisposed) return `${title}, disposed`;
  if (nested && size > MOST_NESTED) return title;
  const values = writeValues(shape, dtype, tensor.dataSync());
  if (nested) return `${title} ${values.replace(/\s+/g, " ")}`;
  return `${title}${shape.length === 0 ? " " : "\n"}${values}`;
}

const prototypes = new WeakSet<object>();

/** Whether a value is a tensor of TensorFlow.js itself, not of a class derived from it. */
export const isTensor = (value: object): value is Tensor =>
  prototypes.has(Reflect.getPrototypeOf(value) ?? prototypes);

/** Gives the values of a copy of tfjs-core their views. */
export function defineTensorViews(library: TensorLibrary): void {
  for (const type of [library.Tensor, library.Variable])
    if (type !== undefined) prototypes.add(type.prototype);
  if (library.Tensor !== undefined)
    defineView(library.Tensor, (tensor, nested) => describeTensor(tensor, nested));
  if (library.Variable !== undefined) {
    defineView(library.Variable, (variable, nested) => {
      const note = ` "${variable.name}"${variable.trainable ? "" : ", not trainable"}`;
      return describeTensor(variable, nested, "Variable", note);
    });
  }
  if (library.Optimizer !== undefined) {
    defineView(
      library.Optimizer,
      (optimizer) => `${optimizer.constructor.name} ${inspect(optimizer.getConfig())}`,
    );
  }
}
