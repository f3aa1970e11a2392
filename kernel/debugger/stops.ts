import type { CompilerClient } from "../compiler/client/compiler-client.js";
import type { Json } from "../protocol/wire.js";
import { fileText } from "./breakpoints.js";
import type { Command, Paused } from "./inspector.js";
import { optionalNumber, Refusal, THREAD } from "./protocol.js";
import type { Place, Scripts } from "./scripts.js";
import { type Frame, isUnfinished, nameOf, type Step, type Stopped } from "./stopped.js";

/** When what is thrown stops the code. */
export const FILTERS = [
  { filter: "caught", label: "Caught errors", default: false },
  { filter: "uncaught", label: "Uncaught errors", default: false },
] as const;

/** How many frames V8 keeps of what has awaited the running code, while it may stop where something is thrown. */
const ASYNC_DEPTH = 32;

/** What {@link Stops} is given by the debugger. */
export interface StopsParts {
  readonly compiler: CompilerClient;
  readonly command: Command;
  readonly scripts: Scripts;
  /** Numbers frames. */
  readonly newId: () => number;
  /** Tells the front end of something. */
  readonly tell: (event: string, body: Json) => void;
  /** Is called when code goes on: its frames and values are no longer there. */
  readonly goneOn: () => void;
}

/** Where the code is stopped, whether it is to be, and how it goes on. */
export class Stops {
  readonly #parts: StopsParts;
  readonly #command: Command;
  readonly #scripts: Scripts;
  #filters: ReadonlySet<string> = new Set();
  #stopped: Stopped | undefined;
  #step: Step | undefined;
  /** How often the code has been stopped and gone on: what is found out about a stop may come too late. */
  #turns = 0;

  constructor(parts: StopsParts) {
    this.#parts = parts;
    this.#command = parts.command;
    this.#scripts = parts.scripts;
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** The innermost frame of stopped code; undefined while nothing is stopped. */
  get top(): Frame | undefined {
    return this.#stopped?.frames[0];
  }

  /** The code goes on, or its session has ended. */
  resumed(): void {
    this.#turns++;
    if (this.#stopped === undefined) return;
    this.#stopped = undefined;
    this.#parts.tell("continued", { threadId: THREAD, allThreadsContinued: true });
    this.#parts.goneOn();
  }

  /** The debugger is switched off: nothing is to stop any more. */
  forget(): void {
    this.#filters = new Set();
    this.#step = undefined;
    this.#turns++;
  }

  /** Sets when what is thrown stops the code. */
  async setFilters({ filters = [] }: Json): Promise<Json> {
    this.#filters = new Set(Array.isArray(filters) ? filters.map(String) : []);
    await this.stopAtErrors();
    return { breakpoints: [] };
  }

  /** V8 takes what a cell throws for caught, since the session waits for it: which errors are is found out here. */
  async stopAtErrors(): Promise<void> {
    const any = this.#filters.size > 0;
    await this.#command("Debugger.setPauseOnExceptions", { state: any ? "all" : "none" });
    await this.#command("Debugger.setAsyncCallStackDepth", { maxDepth: any ? ASYNC_DEPTH : 0 });
  }

  /** The inspector has stopped the code. It goes on where nobody has asked for that. */
  async paused(paused: Paused): Promise<void> {
    const turn = ++this.#turns;
    const frames: Frame[] = [];
    let isHidden = false;
    for (const [index, frame] of paused.callFrames.entries()) {
      const place = await this.#scripts.placeOf(frame.location);
      if (place !== undefined) frames.push({ id: this.#parts.newId(), frame, place });
      else if (index === 0) isHidden = true;
    }
    const isError = paused.reason === "exception" || paused.reason === "promiseRejection";
    const callers = isError ? await this.#scripts.asyncPlaces(paused.asyncStackTrace) : [];
    const stopped: Stopped = { paused, frames, callers };
    const isWanted = !isError || (frames.length > 0 && (await this.#isWanted(stopped)));
    if (turn !== this.#turns) return;
    const step = this.#step;
    this.#step = undefined;
    if (isError) {
      if (isWanted) this.#stop(stopped, "exception");
      else await this.#command("Debugger.resume");
      return;
    }
    if (frames.length === 0) {
      await this.#command("Debugger.resume");
      return;
    }
    const isAtBreakpoint = (paused.hitBreakpoints ?? []).length > 0;
    if (step !== undefined && !isAtBreakpoint && (isHidden || isUnfinished(step, frames))) {
      this.#step = { ...step, turns: step.turns + 1 };
      await this.#command(isHidden ? "Debugger.stepOut" : step.command);
      return;
    }
    if (isHidden && !isAtBreakpoint) {
      await this.#command("Debugger.stepOut");
      return;
    }
    this.#stop(stopped, isAtBreakpoint ? "breakpoint" : step === undefined ? "pause" : "step");
  }

  #stop(stopped: Stopped, reason: string): void {
    this.#stopped = stopped;
    const { data } = stopped.paused;
    const text = reason === "exception" ? { text: data?.description?.split("\n")[0] ?? "" } : {};
    this.#parts.tell("stopped", { reason, threadId: THREAD, allThreadsStopped: true, ...text });
  }

  async #isWanted({ paused, frames, callers }: Stopped): Promise<boolean> {
    const [caught, uncaught] = FILTERS.map(({ filter }) => this.#filters.has(filter));
    if (caught && uncaught) return true;
    const isCaught = paused.data?.uncaught !== true && (await this.#isCaught(frames, callers));
    return isCaught ? caught === true : uncaught === true;
  }

  async #isCaught(frames: readonly Frame[], callers: readonly Place[]): Promise<boolean> {
    for (const { script, line, column } of [...frames.map(({ place }) => place), ...callers]) {
      const written = await this.#scripts.written(script);
      const source = written?.source ?? fileText(script.path);
      if (source === undefined) continue;
      const file = script.cell === undefined ? script.path : undefined;
      if (await this.#parts.compiler.call("isCaughtAt", { source, file, line, column })) return true;
    }
    return false;
  }

  #at(): Stopped {
    if (this.#stopped === undefined) throw new Refusal("Nothing is stopped");
    return this.#stopped;
  }

  /** A frame of stopped code. @throws {Refusal} when there is none of that number */
  frame(id: number): Frame {
    const frame = this.#at().frames.find((each) => each.id === id);
    if (frame === undefined) throw new Refusal(`frameId must be one of the call stack, got ${id}`);
    return frame;
  }

  /** The frame that an argument names, or the innermost one; undefined while nothing is stopped. */
  frameOrTop(given: Json, name: string): Frame | undefined {
    const id = optionalNumber(given, name);
    if (this.#stopped === undefined) return undefined;
    return id === undefined || id === 0 ? this.#stopped.frames[0] : this.frame(id);
  }

  /** Lets the code go on. */
  async goOn(command: Step["command"] | "Debugger.resume"): Promise<Json> {
    const { frames } = this.#at();
    const place = frames[0]?.place;
    this.#step =
      command === "Debugger.resume" || place === undefined
        ? undefined
        : { command, path: place.script.path, line: place.line, depth: frames.length, turns: 0 };
    try {
      await this.#command(command);
    } catch (failure) {
      // The code went on, and has ended the session before that could be said.
      if (this.#stopped !== undefined) throw failure;
    }
    return { allThreadsContinued: true };
  }

  /** Stops running code at its next statement. */
  async requestPause(): Promise<Json> {
    await this.#command("Debugger.pause");
    return {};
  }

  /** The frames of stopped code as the protocol has them. */
  stackTrace(given: Json): Json {
    const { frames } = this.#at();
    const start = optionalNumber(given, "startFrame") ?? 0;
    const levels = optionalNumber(given, "levels") || frames.length;
    const stackFrames = frames.slice(start, start + levels).map((each) => {
      const { script, line, column } = each.place;
      const subtle = script.kind === "library" ? { presentationHint: "subtle" } : {};
      const source = { name: script.label, path: script.path, sourceReference: 0 };
      return { id: each.id, name: nameOf(each), line, column, source, ...subtle };
    });
    return { stackFrames, totalFrames: frames.length };
  }
}
