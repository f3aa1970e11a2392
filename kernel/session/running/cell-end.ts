/**
 * How a cell comes to its end: with its last statement or, where its code has asked for that, when its code says so. The
 * display that JavaScript kernels have under the name `$$` does.
 */

import type { CellOrigin, ErrorReport, MimeBundle } from "../../shared/session-messages.js";
import { whenSettled } from "../interrupts/reactions.js";
import { currentCell, runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";

/** What has become of a cell: the value to be shown, or what it has thrown. */
export type Shown = { readonly data: MimeBundle | undefined } | { readonly error: ErrorReport };

interface Ending {
  readonly serial: number;
  /** Whether the cell goes on after its last statement. */
  open: boolean;
  /** Whether it has been said what becomes of the cell. */
  ended: boolean;
  /** What must be done before. */
  before?: Promise<void>;
  /** What its code has said of that. */
  outcome?: Promise<Shown>;
  /** Ends the cell; there once its last statement has run. */
  settle?: (outcome: Promise<Shown>) => void;
}

const endings = new WeakMap<CellOrigin, Ending>();
const newEnding = (serial: number): Ending => ({ serial, open: false, ended: false });
const allBefore = ({ before }: Ending): Promise<void> => before ?? Promise.resolve();
let latest = newEnding(0);

/**
 * The cell whose code is running. Where nobody knows, or where that has ended, it is the latest one if that waits: it may
 * wait for a callback that an earlier cell has made.
 */
function ending(): Ending {
  const origin = currentCell()?.origin;
  const own = origin && endings.get(origin);
  return own === undefined || (own.ended && latest.open && !latest.ended) ? latest : own;
}

/** To be called before a cell runs. */
export function beginCell({ origin }: RunningCell): void {
  latest = newEnding(origin.serial);
  endings.set(origin, latest);
}

/** To be called when it is known what becomes of a cell. */
export function endCell({ origin }: RunningCell): void {
  const known = endings.get(origin);
  if (known !== undefined) known.ended = true;
}

/** Whether the running cell is to go on after its last statement. */
export const isCellOpen = (): boolean => ending().open;

/** Lets the running cell go on after its last statement, or not. */
export function keepCellOpen(open: boolean): void {
  ending().open = open;
}

/**
 * Does something before the running cell ends, after all that is to be done so far, and keeps the cell open.
 *
 * @param step - is called with the cell's serial
 * @returns whether it will be: false if the cell has ended before
 */
export function beforeCellEnds(step: (serial: number) => Promise<void>): boolean {
  const cell = ending();
  if (cell.ended) return false;
  cell.open = true;
  cell.before = allBefore(cell).then(() => step(cell.serial));
  return true;
}

/**
 * Ends the running cell with an outcome.
 *
 * @returns whether it does: false if it has ended before
 */
export function endCellWith(outcome: () => Promise<Shown>): boolean {
  const cell = ending();
  if (cell.ended) return false;
  // What fails at once is thrown to who asks.
  const promised = outcome();
  cell.ended = true;
  cell.outcome = allBefore(cell).then(() => promised);
  cell.settle?.(cell.outcome);
  return true;
}

/** Ends a cell whose last statement has run, and which only waits for its code to end it. */
export function endWaitingCell(origin: CellOrigin, error: ErrorReport): boolean {
  const cell = endings.get(origin);
  if (cell?.settle === undefined || cell.ended) return false;
  cell.ended = true;
  cell.settle(Promise.resolve({ error }));
  return true;
}

/**
 * To be called when the last statement of a cell has run.
 *
 * @param byItself - ends the cell with its value
 * @param settle - ends the cell with what its code says
 * @param failed - is called with what is thrown meanwhile
 */
export function concludeCell(
  { origin }: RunningCell,
  byItself: () => void,
  settle: (shown: Shown) => void,
  failed: (error: unknown) => void,
): void {
  const cell = endings.get(origin);
  if (cell === undefined || (cell.outcome === undefined && !cell.open)) {
    byItself();
    return;
  }
  cell.settle = (outcome) => runInCell(undefined, () => whenSettled(outcome, settle, failed));
  if (cell.outcome !== undefined) cell.settle(cell.outcome);
}
