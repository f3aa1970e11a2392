import { untilLoaded } from "../interrupts/atomic.js";
import { sparingly } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";

/**
 * Lets the globals that Node loads when they are first read, such as `Response` and `crypto`, load to their end although
 * an interrupt comes: Node would never load again what has stayed half loaded. What they await while they load goes on.
 */
export function loadGlobalsWhole(): void {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(cells.global));
  for (const [name, descriptor] of descriptors) {
    const { get, configurable } = descriptor;
    if (get === undefined || configurable !== true) continue;
    const load = function (this: unknown): unknown {
      const read = Object.getOwnPropertyDescriptor(cells.global, name)?.get;
      // From now on it is Node's own again.
      if (read === load) Object.defineProperty(cells.global, name, descriptor);
      return untilLoaded(() => sparingly(() => Reflect.apply(get, this, [])));
    };
    Object.defineProperty(cells.global, name, { ...descriptor, get: inPlaceOf(get, load) });
  }
}
