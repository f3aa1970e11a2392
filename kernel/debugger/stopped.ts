import type { CallFrame, Paused, RemoteObject } from "./inspector.js";
import type { Place } from "./scripts.js";

/** A frame of the call stack that is shown. */
export interface Frame {
  readonly id: number;
  readonly frame: CallFrame;
  readonly place: Place;
}

/** Code that is stopped. */
export interface Stopped {
  readonly paused: Paused;
  readonly frames: readonly Frame[];
  /** What stood above in the frames of what has awaited the code. */
  readonly callers: readonly Place[];
}

/** A scope of a frame, with the names that the person has written. */
export interface OpenScope {
  readonly frame: Frame;
  readonly object: RemoteObject;
  /** Of the notebook itself, whose names are not V8's. */
  readonly isNotebook: boolean;
}

/** What is done next, and from where: one line takes several steps in JavaScript. */
export interface Step {
  readonly command: "Debugger.stepOver" | "Debugger.stepInto" | "Debugger.stepOut";
  readonly path: string;
  readonly line: number;
  readonly depth: number;
  /** How often it has been repeated. */
  readonly turns: number;
}

/** Many more steps than a line takes that is not a loop. */
const MOST_TURNS = 100;

/** Whether a step has to go on: it has not left its line. */
export function isUnfinished({ command, path, line, depth, turns }: Step, frames: readonly Frame[]): boolean {
  const place = frames[0]?.place;
  if (place === undefined || turns >= MOST_TURNS || command === "Debugger.stepOut") return false;
  return place.script.path === path && place.line === line && frames.length === depth;
}

const TITLES: Readonly<Record<string, string>> = {
  local: "Local",
  block: "Block",
  closure: "Closure",
  catch: "Catch",
  module: "Module",
  with: "With",
  eval: "Eval",
  script: "Notebook",
};

/** How a scope is called; undefined for the one with everything that Node defines. */
export const titleOf = (type: string): string | undefined => TITLES[type];

/** What a frame is called: its function, and the cell that it is of. */
export function nameOf({ frame: { functionName }, place: { script } }: Frame): string {
  if (functionName === "") return script.kind === "cell" ? script.label : `(anonymous) in ${script.label}`;
  return `${functionName} in ${script.label}`;
}
