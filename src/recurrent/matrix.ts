import { inspect } from "node:util";
import { requireInteger } from "../arguments.js";
import { countFeatures, hasRows, type NumericRows, type NumericSeries } from "../preprocessing/arrays.js";

/** What a method takes for a matrix: one, rows of numbers `[rows][columns]`, or a series `[rows]` as one column. */
export type MatrixLike = Matrix | NumericRows | NumericSeries;

/**
 * A matrix of float64 numbers, row by row in one typed array: just what the lectures' formulas need.
 *
 * @example
 * ```ts
 * import { Matrix } from "rnnlab/recurrent";
 * const W = Matrix.from([[1, 2], [3, 4]]);
 * console.log(W.times([1, 1]).toArray().join(" ")); // 3 7
 * ```
 */
export class Matrix {
  /** The numbers in row-major order, `[rows · columns]` */
  readonly values: Float64Array;

  /**
   * @param rows - how many rows, a positive integer
   * @param columns - how many columns, a positive integer
   * @param values - float64 `[rows · columns]`, used without a copy; zeros unless given
   * @throws {RangeError} when a size is not a positive integer or does not fit the values
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    values?: Float64Array,
  ) {
    requireInteger("create Matrix", "rows", rows, 1);
    requireInteger("create Matrix", "columns", columns, 1);
    this.values = values ?? new Float64Array(rows * columns);
    if (this.values.length !== rows * columns) {
      throw new RangeError(
        `Cannot create Matrix: shape [${rows}, ${columns}] needs ${rows * columns} values, got ${this.values.length}`,
      );
    }
  }

  /**
   * Makes a matrix of rows, or a column of a series.
   *
   * @param data - a matrix, which is returned as it is; rows `[rows][columns]`; or a series `[rows]`
   * @returns the matrix `[rows, columns]`, or `[rows, 1]`
   * @throws {RangeError} when there are no numbers or the rows differ in length
   * @throws {TypeError} when the data is no array of numbers, or of rows of numbers
   */
  static from(data: MatrixLike): Matrix {
    if (data instanceof Matrix) return data;
    const columns = countFeatures("create Matrix", data);
    const values = hasRows(data) ? data.flatMap((row) => [...row]) : data;
    return new Matrix(data.length, columns, Float64Array.from(values));
  }

  /**
   * Makes a matrix number by number, as of random weights.
   *
   * @param rows - how many rows
   * @param columns - how many columns
   * @param next - gives the next number, row by row, for its index in that order
   * @returns the matrix `[rows, columns]`
   * @throws {RangeError} when the constructor does
   */
  static generate(rows: number, columns: number, next: (index: number) => number): Matrix {
    return new Matrix(rows, columns).map((_, index) => next(index));
  }

  /** The shape, `[rows, columns]` */
  get shape(): [rows: number, columns: number] {
    return [this.rows, this.columns];
  }

  /**
   * @param row - from 0
   * @param column - from 0
   * @returns the number there
   * @throws {RangeError} when there is no such place
   */
  at(row: number, column: number): number {
    const value = column >= 0 && column < this.columns ? this.values[row * this.columns + column] : undefined;
    if (value !== undefined) return value;
    throw new RangeError(`Cannot read Matrix: the place must be within ${this}, got [${row}, ${column}]`);
  }

  /**
   * @param row - from 0
   * @returns the row as a matrix `[1, columns]` that shares this one's numbers
   * @throws {RangeError} when there is no such row
   */
  row(row: number): Matrix {
    if (!Number.isInteger(row) || row < 0 || row >= this.rows) {
      throw new RangeError(`Cannot read Matrix: row must be from 0 to ${this.rows - 1}, got ${row}`);
    }
    return new Matrix(1, this.columns, this.values.subarray(row * this.columns, (row + 1) * this.columns));
  }

  /**
   * The matrix product `A · B`.
   *
   * @param other - `[columns, n]`
   * @returns a new matrix `[rows, n]`
   * @throws {RangeError} when the inner sizes differ
   */
  times(other: MatrixLike): Matrix {
    const right = Matrix.from(other);
    if (right.rows !== this.columns) {
      throw new RangeError(
        `Cannot multiply matrices: columns on the left must equal rows on the right, got ${this} and ${right}`,
      );
    }
    const product = new Matrix(this.rows, right.columns);
    const n = right.columns;
    for (let i = 0; i < this.rows; i++) {
      for (let k = 0; k < this.columns; k++) {
        const factor = this.values[i * this.columns + k] ?? 0;
        for (let j = 0; j < n; j++) {
          product.values[i * n + j] =
            (product.values[i * n + j] ?? 0) + factor * (right.values[k * n + j] ?? 0);
        }
      }
    }
    return product;
  }

  /** @returns the transpose `Aᵀ`, a new matrix `[columns, rows]` */
  transpose(): Matrix {
    const { rows, columns } = this;
    return new Matrix(columns, rows).map((_, i) => this.at(i % rows, Math.floor(i / rows)));
  }

  /**
   * The sum `A + B`; a `B` of one row is added to every row.
   *
   * @param other - `[rows, columns]` or `[1, columns]`
   * @returns a new matrix `[rows, columns]`
   * @throws {RangeError} when the shapes differ otherwise
   */
  plus(other: MatrixLike): Matrix {
    return this.#zip("add", other, (a, b) => a + b);
  }

  /** The difference `A − B`, as {@link Matrix.plus}. */
  minus(other: MatrixLike): Matrix {
    return this.#zip("subtract", other, (a, b) => a - b);
  }

  /** The elementwise product `A ⊙ B`, as {@link Matrix.plus}. */
  hadamard(other: MatrixLike): Matrix {
    return this.#zip("multiply elementwise", other, (a, b) => a * b);
  }

  /**
   * @param factor - a number
   * @returns the multiple, a new matrix `[rows, columns]`
   */
  scale(factor: number): Matrix {
    return this.map((value) => value * factor);
  }

  /**
   * @param f - applied to every number, with its index in row-major order
   * @returns a new matrix `[rows, columns]`
   */
  map(f: (value: number, index: number) => number): Matrix {
    return new Matrix(this.rows, this.columns, this.values.map(f));
  }

  /** @returns the sums of the columns, a new matrix `[1, columns]` */
  sumRows(): Matrix {
    const sums = new Matrix(1, this.columns);
    this.values.forEach((value, i) => {
      const column = i % this.columns;
      sums.values[column] = (sums.values[column] ?? 0) + value;
    });
    return sums;
  }

  /** @returns the Euclidean (Frobenius) norm `√Σ aᵢⱼ²` */
  norm(): number {
    return Math.sqrt(this.values.reduce((sum, value) => sum + value * value, 0));
  }

  /**
   * Adds to this matrix itself, as gradients are summed.
   *
   * @param other - `[rows, columns]`
   * @returns this matrix
   * @throws {RangeError} when the shapes differ
   */
  add(other: Matrix): this {
    return this.set(other.plus(this));
  }

  /**
   * Copies another matrix into this one.
   *
   * @param other - as many numbers
   * @returns this matrix
   * @throws {RangeError} when the shapes differ
   */
  set(other: Matrix): this {
    if (`${other}` !== `${this}`) {
      throw new RangeError(`Cannot set Matrix: shapes must be equal, got ${this} and ${other}`);
    }
    this.values.set(other.values);
    return this;
  }

  /** @returns the numbers as rows, `[rows][columns]` */
  toArray(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => [...this.row(i).values]);
  }

  /** The shape, for messages: "[2, 3]". */
  toString(): string {
    return `[${this.rows}, ${this.columns}]`;
  }

  /** How a notebook and `console.log` show the matrix: its shape and rounded rows. */
  [inspect.custom](): string {
    const rows = this.toArray().map((row) => row.map((value) => Number(value.toPrecision(6))));
    return `Matrix ${this} ${inspect(rows)}`;
  }

  #zip(action: string, other: MatrixLike, f: (a: number, b: number) => number): Matrix {
    const right = Matrix.from(other);
    if (right.columns !== this.columns || (right.rows !== this.rows && right.rows !== 1)) {
      throw new RangeError(
        `Cannot ${action} matrices: shapes must be equal or the right one a row, got ${this} and ${right}`,
      );
    }
    return this.map((value, i) => f(value, right.values[i % right.values.length] ?? 0));
  }
}
