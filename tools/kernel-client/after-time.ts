/** The parts in which a wait is waited for. */
const PARTS = 10;

/**
 * Calls back after a time in which this process could run. While a machine stands still, as a virtual one may for half
 * a minute, only a part of the time passes: what came meanwhile is read before the wait ends.
 *
 * @param milliseconds - the time
 * @param callback - is called at its end
 * @returns a function that ends the wait
 */
export function afterTime(milliseconds: number, callback: () => void): () => void {
  let left = PARTS;
  const pass = () => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    callback();
  };
  const timer = setInterval(pass, milliseconds / PARTS);
  return () => clearInterval(timer);
}
