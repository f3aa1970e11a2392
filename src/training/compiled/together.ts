/** So long may several steps take in one call of an op, in milliseconds: interrupts wait for its end. */
export const CALL_TIME = 10;
/** No more steps than this are taken in one call. */
const MOST_TOGETHER = 256;

/**
 * Says how many steps are best taken in one call.
 *
 * @param now - how many are taken until now
 * @param took - what a call of these steps took
 * @param callTime - how long a call may take, in milliseconds
 * @returns another number only when `now` is far off: to give batches in other portions has its price
 */
export function stepsTogether(
  now: number,
  { steps, milliseconds }: { readonly steps: number; readonly milliseconds: number },
  callTime: number,
): number {
  const best = (steps * callTime) / milliseconds;
  if (best >= now / 2 && best < 2 * now) return now;
  return Math.max(1, Math.min(MOST_TOGETHER, Math.floor(best)));
}
