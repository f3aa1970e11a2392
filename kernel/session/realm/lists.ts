/** The entries of an array that cells have made: in a list of the session's own, whose methods no cell has touched. */
export function listOf<Value>(array: ArrayLike<Value>): Value[] {
  return Array.from({ length: array.length }, (_, index) => array[index] as Value);
}
