import type { AttributeValue, RecordedConstant, RecordedOp, TensorId } from "../../tfjs/recording.js";

/** An operation of a native program: what `kinds` of src/native/program.cc lists. */
export interface Operation {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Those of the recorded op that are read; all unless given */
  readonly inputs?: readonly TensorId[];
  /** The most rows of an output, by its place, whose number of rows depends on the batch's numbers */
  readonly mostRows?: Readonly<Record<number, number>>;
}

/** What a recorded op becomes. */
export type Instruction =
  | { readonly operation: Operation }
  /** The same numbers in the shape of the op's output */
  | { readonly viewOf: TensorId }
  /** The same number everywhere */
  | { readonly constant: number };

/** What is known of the tensors of a recording. */
export interface Known {
  shapeOf(id: TensorId): readonly number[];
  /** The numbers of one that came from JavaScript */
  constant(id: TensorId): RecordedConstant | undefined;
  /** Whether its numbers are the program's, or the same number everywhere */
  isNumber(id: TensorId): boolean;
}

/** Nothing where the op is used in a way that programs do not know. */
export type Translation = (op: RecordedOp, known: Known) => Instruction | undefined;

/** How many numbers a shape has. */
export function product(shape: readonly number[]): number {
  return shape.reduce((size, each) => size * each, 1);
}
