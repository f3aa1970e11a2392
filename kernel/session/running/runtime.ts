import { caught, throwing } from "../errors/thrown-values.js";
import { CellModules } from "../imports/cell-modules.js";
import { runGuarded } from "../interrupts/guarded-call.js";
import { turn } from "../interrupts/turn.js";
import { currentCell, isDead } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import { receiveEnd, receiveRefusal } from "./evaluate.js";

/**
 * What compiled cells call, under the name `__rnnlab__`.
 *
 * @param modules - how cells import
 */
export function runtimeOf(modules: CellModules): object {
  let awaited: unknown;
  return Object.freeze({
    import: modules.import.bind(modules),
    importNames: modules.importNames.bind(modules),
    meta: Object.freeze(modules.meta),
    /** The same for a local module. */
    of: (filename: string): CellModules => new CellModules(filename),
    result(value: unknown): void {
      const cell = currentCell();
      if (cell !== undefined) cell.result = { value };
    },
    /** Makes what a script of plain JavaScript declares properties of the global object. */
    declare: declareGlobals,
    /** What a script assigns in the place of a constant. */
    get constant(): undefined {
      return undefined;
    },
    set constant(_value: unknown) {
      throw new TypeError("Assignment to constant variable.");
    },
    throwing,
    caught,
    turn,
    /** What a cell asks when it goes on after an `await`: whether it is to stop there, see `kernel/compiler/emit/stopping-awaits.ts`. */
    isOver(value: unknown): boolean {
      awaited = value;
      return isDead(currentCell());
    },
    get awaited(): unknown {
      const value = awaited;
      awaited = undefined;
      return value;
    },
    never: cells.promise(new Promise(() => {})),
    refused: receiveRefusal,
    last: receiveEnd,
    guarded: runGuarded,
    /** What the debugger asks, which most sessions never do. */
    get inspection(): object {
      return (require("../inspection/inspection.js") as typeof import("../inspection/inspection.js"))
        .inspection;
    },
  });
}

function declareGlobals(...names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(cells.global, name)) continue;
    Object.defineProperty(cells.global, name, {
      value: undefined,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}
