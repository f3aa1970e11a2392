import { Matrix } from "./matrix.js";

/** Weights that are trained, with the gradient of the loss by them. */
export class Parameter {
  /** The gradient, `[rows, columns]`; backward passes add to it, an optimizer's step uses it up */
  readonly gradient: Matrix;

  /**
   * @param name - as the formulas have it, such as "wx"
   * @param value - the weights `[rows, columns]`; they change in place
   */
  constructor(
    readonly name: string,
    readonly value: Matrix,
  ) {
    this.gradient = new Matrix(...value.shape);
  }
}
