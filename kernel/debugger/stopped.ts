import { withoutShadowing } from "../shared/shadowed-names.js";
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
  readonly title: string;
  /** V8's own scopes that it is made of, the innermost first; none for the notebook, whose names are not V8's. */
  readonly objects: readonly RemoteObject[];
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

/** JupyterLab knows this name, and offers to copy there what is elsewhere. */
export const GLOBALS = "Globals";
/** What V8 tells apart and a person does not. */
const LOCAL: ReadonlySet<string> = new Set(["local", "block", "catch", "with", "eval", "module"]);

/** The scopes of a frame as they are shown; everything that Node defines is left out. */
export function scopesOf(frame: Frame): OpenScope[] {
  const all = frame.frame.scopeChain;
  const end = all.findIndex(({ type }) => !LOCAL.has(type));
  const locals = all.slice(0, end === -1 ? all.length : end).map(({ object }) => object);
  const closures = all
    .filter(({ type }) => type === "closure")
    .map(({ name = "", object }) => ({
      frame,
      title: name === "" ? "Closure" : `Closure (${withoutShadowing(name)})`,
      objects: [object],
    }));
  return [
    ...(locals.length === 0 ? [] : [{ frame, title: "Locals", objects: locals }]),
    ...closures,
    { frame, title: GLOBALS, objects: [] },
  ];
}

/** What a frame is called: its function, and the cell that it is of. */
export function nameOf({ frame: { functionName }, place: { script } }: Frame): string {
  if (functionName === "") return script.kind === "cell" ? script.label : `(anonymous) in ${script.label}`;
  return `${functionName} in ${script.label}`;
}
