import process from "node:process";

type Listener = (...args: unknown[]) => void;

/**
 * From here on the listeners that the process has cannot be removed. Without the session's own, an error in a timer or a
 * Ctrl-C would end it; without Node's, which start and stop listening to signals, new ones for signals would not work.
 */
export function keepProcessListeners(): void {
  const kept = new Set<unknown>(process.eventNames().flatMap((event) => process.rawListeners(event)));
  const { removeListener } = process;
  const off = (event: string | symbol, listener: Listener): NodeJS.Process => {
    if (!kept.has(listener)) Reflect.apply(removeListener, process, [event, listener]);
    return process;
  };
  const removeAllListeners = (...events: readonly (string | symbol)[]): NodeJS.Process => {
    // The latest first, as Node does.
    for (const event of events.length === 0 ? process.eventNames() : events.slice(0, 1))
      for (const listener of process.rawListeners(event).reverse()) off(event, listener as Listener);
    return process;
  };
  Object.assign(process, { off, removeListener: off, removeAllListeners });
}
