/** The key of the global through which `rnnlab/display` reaches a front end: a kernel's session puts a {@link DisplayHost} there. */
export const displayHostKey: unique symbol = Symbol.for("rnnlab.displayHost");

/** One output as the front end receives it. */
export interface DisplayMessage {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  /** Names the output, so that a later message can replace it */
  readonly displayId?: string;
  /** Replaces the output named by `displayId` instead of adding one */
  readonly update?: boolean;
}

/** Output that was captured instead of being shown by its cell. */
export type CapturedOutput =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | ({ readonly type: "display" } & DisplayMessage)
  | { readonly type: "clear"; readonly wait: boolean };

/** Where outputs go: a kernel's session installs one, tslab and a terminal are wrapped to look like one. */
export interface DisplayHost {
  publish(message: DisplayMessage): void;
  clear(wait?: boolean): void;
  /** Shows again what a cell has put out, the latest one unless a number is given, since a moment in milliseconds */
  replay?(cell: number | undefined, since: number | undefined): void;
  /** Calls a function when the running cell is interrupted; takes it back when what it returns is called */
  whenInterrupted?(callback: () => void): () => void;
  /** Runs code whose output goes to a function instead of the cell, also what it puts out after an await */
  capture?<Result>(sink: (output: CapturedOutput) => void, code: () => Result): Result;
  /** Says of what was thrown what an output of kind `error` says */
  describeError?(error: unknown): { ename: string; evalue: string; traceback: string[] };
  /** The running cell; its `id` is undefined where the front end sends none */
  readonly cell: { readonly id: string | undefined; readonly executionCount: number };
}
