import { DISPLAY_HOOK } from "../output/mime.js";
import { cells } from "../realm/cell-realm.js";
import { type Class, defineView } from "./view.js";

type TableModule = typeof import("rnnlab/table");
type Frame = Parameters<TableModule["tableBundle"]>[0] & {
  readonly shape: readonly number[];
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
};

/** The rows of a frame by their values in some columns, before anything is computed of them. */
interface Groups {
  readonly keyCol: readonly string[];
  readonly colDict: object;
}

type GroupBy = (this: object, ...args: unknown[]) => Groups;

interface FrameLibrary {
  readonly NDframe?: Class<Frame>;
  readonly DataFrame?: Class<{ groupby: GroupBy }>;
}

/** Loaded only when a frame is shown: whoever has one has loaded far more than this already. */
function tableOf(frame: Frame): ReturnType<TableModule["tableBundle"]> {
  const { tableBundle } = cells.require("rnnlab/table") as TableModule;
  return tableBundle(frame);
}

/** Gives the data frames and series of a copy of danfojs their views: as an HTML table and as text. */
export function defineFrameViews({ NDframe, DataFrame }: FrameLibrary): void {
  if (NDframe === undefined) return;
  if (DataFrame !== undefined) defineGroupsView(DataFrame.prototype);
  Object.defineProperty(NDframe.prototype, DISPLAY_HOOK, {
    configurable: true,
    writable: true,
    value(this: Frame) {
      return tableOf(this);
    },
  });
  defineView(NDframe, (frame, nested) => {
    if (!nested) return tableOf(frame)["text/plain"];
    const [rows = 0] = frame.shape;
    const columns = frame.columns.map((name, i) => `${name}: ${frame.dtypes[i]}`).join(", ");
    return `${frame.constructor.name} [${rows} row${rows === 1 ? "" : "s"}] (${columns})`;
  });
}

/** danfojs does not export the class of groups: the first frame that is grouped shows which it is. */
function defineGroupsView(prototype: { groupby: GroupBy }): void {
  const { groupby } = prototype;
  prototype.groupby = function (...args) {
    const groups = Reflect.apply(groupby, this, args);
    defineView(groups.constructor as unknown as Class<Groups>, ({ keyCol, colDict }) => {
      const count = Object.keys(colDict).length;
      return `Groupby [${count} group${count === 1 ? "" : "s"}] by ${keyCol.join(", ")}`;
    });
    return groups;
  };
}
