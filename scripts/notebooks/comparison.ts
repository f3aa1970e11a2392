/** How a figure of ours stands to another's. */
export type Verdict = "better" | "equal" | "worse";

/** A loss, an error or a time this close to a single number counts as equal to it, as a share of that. */
const SAME_SHARE = 0.05;
/** An accuracy this close to a single number counts as equal to it. */
const SAME_ACCURACY = 0.01;

/** The rule of {@link compare} in words, for the reader of its verdicts. */
export const RULE =
  "Equal is what lies within the range of the other's seeds, where there is one. A loss, an error or a time is also equal within 5 % of a single number, and an accuracy within one point in a hundred.";

const ACCURACY = /accuracy/i;
const COST = /loss|error|rmse|seconds/i;
const NUMBER = /(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(%?)/gi;

/**
 * Compares a figure with what another reports of it.
 *
 * @param name - of the figure, which says whether more of it is better
 * @param ours - its value
 * @param reference - a number, or a text with one or with a range
 * @returns the verdict by {@link RULE}; undefined where neither more nor less of it is better, or the text has no numbers
 */
export function compare(name: string, ours: number, reference: number | string): Verdict | undefined {
  const isAccuracy = ACCURACY.test(name);
  const bounds = boundsOf(reference);
  if (bounds === undefined || !(isAccuracy || COST.test(name))) return undefined;
  const [low, high] = bounds;
  const room = low < high ? 0 : isAccuracy ? SAME_ACCURACY : SAME_SHARE * low;
  if (ours >= low - room && ours <= high + room) return "equal";
  return ours > high === isAccuracy ? "better" : "worse";
}

function boundsOf(reference: number | string): readonly [low: number, high: number] | undefined {
  if (typeof reference === "number") return [reference, reference];
  const numbers = [...reference.matchAll(NUMBER)].map(
    ([, digits, percent]) => Number(digits) / (percent === "%" ? 100 : 1),
  );
  const [first, second = first] = numbers;
  if (first === undefined || second === undefined || numbers.length > 2) return undefined;
  return [Math.min(first, second), Math.max(first, second)];
}
