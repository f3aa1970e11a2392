import type { TensorId } from "../../tfjs/recording.js";

/** Tensors begin at multiples of this many floats, a line of the cache. */
const LINE = 16;

/** A tensor that holds its place from the step that writes it to the last that reads it. */
interface Placed {
  readonly begin: number;
  readonly end: number;
  readonly lastStep: number;
}

/**
 * Gives the tensors of a program places in one memory. A place is used again after the last step that reads it, and
 * inputs and outputs of a step never share one.
 *
 * @param steps - in order, what each reads and what it writes
 * @param sizes - how many floats the tensors have that need a place
 * @returns where each begins
 */
export function planMemory(
  steps: readonly (readonly [read: readonly TensorId[], written: readonly TensorId[]])[],
  sizes: ReadonlyMap<TensorId, number>,
): Map<TensorId, number> {
  const lastRead = new Map<TensorId, number>();
  steps.forEach(([read], step) => {
    for (const id of read) lastRead.set(id, step);
  });
  const offsets = new Map<TensorId, number>();
  let placed: Placed[] = [];
  steps.forEach(([, written], step) => {
    placed = placed.filter(({ lastStep }) => lastStep >= step);
    for (const id of written) {
      const size = sizes.get(id);
      if (size === undefined) continue;
      const begin = firstGap(placed, size);
      placed.push({ begin, end: begin + lines(size), lastStep: lastRead.get(id) ?? step });
      placed.sort((a, b) => a.begin - b.begin);
      offsets.set(id, begin);
    }
  });
  return offsets;
}

const lines = (size: number) => Math.ceil(size / LINE) * LINE;

/** @param placed - in the order of their places */
function firstGap(placed: readonly Placed[], size: number): number {
  let begin = 0;
  for (const other of placed) {
    if (other.begin - begin >= lines(size)) break;
    begin = Math.max(begin, other.end);
  }
  return begin;
}
