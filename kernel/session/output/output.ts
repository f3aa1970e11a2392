import type { CapturedOutput } from "../../../src/host/display.js";
import { LONGEST_TEXT } from "../../shared/bounds.js";
import type { FromSession, StreamName } from "../../shared/session-messages.js";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { currentCell } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import { send } from "./channel.js";

/** The cell that unattributed output belongs to: the latest one. */
let latestSerial = 0;

export function setLatestSerial(serial: number): void {
  latestSerial = serial;
}

/** The serial of the cell whose code is running now, else of the latest cell. */
export function attributedSerial(): number {
  return currentCell()?.origin.serial ?? latestSerial;
}

/** Sends output of the running code, unless its cell was interrupted: then the cell has ended as far as anybody knows. */
export function sendOutput(message: FromSession): void {
  const cell = currentCell();
  if (cell?.interrupted) return;
  if (cell?.sink === undefined || !isCaptured(message)) send(message);
  else cell.sink(cells.parseJson(JSON.stringify(message)) as CapturedOutput);
}

const isCaptured = ({ type }: FromSession): boolean =>
  type === "stream" || type === "display" || type === "clear";

/** Prints text as part of a cell. */
export function print(serial: number, name: StreamName, text: string): void {
  // At once, without a buffer: the next statement may be an endless loop or a crash.
  for (const piece of pieces(withoutShadowing(text)))
    sendOutput({ type: "stream", serial, name, text: piece });
}

/** Whether a text ends in the middle of a character that takes two of JavaScript's. */
export function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

/** Cuts text between characters into pieces that a message can carry. */
export function pieces(text: string): string[] {
  if (text.length <= LONGEST_TEXT) return text === "" ? [] : [text];
  const all: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + LONGEST_TEXT;
    if (endsInHalf(text.slice(start, end))) end--;
    all.push(text.slice(start, end));
  }
  return all;
}
