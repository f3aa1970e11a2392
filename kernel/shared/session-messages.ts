/** The messages between the protocol process and the session process. */

import type { ReplayWish } from "./replay-command.js";

/** A MIME bundle as Jupyter's `display_data` carries it. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The cell that a piece of output belongs to. */
export interface CellOrigin {
  /** Number of the cell within this kernel, counting silent ones too. */
  readonly serial: number;
  /** The `n` of `In[n]`. */
  readonly executionCount: number;
  /** The notebook's own id of the cell, when the front end sends one. */
  readonly id: string | undefined;
}

/** A TypeScript or ES module of the user's own, as CommonJS. */
export interface LocalModule {
  readonly file: string;
  /** The module as the user wrote it. */
  readonly source: string;
  readonly javascript: string;
  /** Whether its top level awaits: the JavaScript then returns a promise. */
  readonly awaits: boolean;
  readonly sourceMap: string;
}

/** A compiled cell. */
export interface Program {
  /** JavaScript for V8's REPL mode. */
  readonly javascript: string;
  /** Source map from the JavaScript to the TypeScript, as JSON. */
  readonly sourceMap: string;
  /** How many lines stand before the cell's first line in the TypeScript that the map refers to. */
  readonly headerLines: number;
  /** The cell as the user wrote it. */
  readonly source: string;
  /** The TypeScript modules that the cell imports from files, and those that they import. */
  readonly modules: readonly LocalModule[];
}

/** What an `error` message and an error reply both carry. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** An entry of `user_expressions` in a reply. */
export type ExpressionResult =
  | { readonly status: "ok"; readonly data: MimeBundle; readonly metadata: MimeBundle }
  | ({ readonly status: "error" } & ErrorReport);

/** What became of a question to the front end. */
export type InputResult =
  | { readonly status: "ok"; readonly value: string }
  | { readonly status: "refused"; readonly reason: string };

/** What the compiler says of a file: undefined for one that Node loads as it is. */
export type ModuleResult =
  | { readonly status: "ok"; readonly module: LocalModule | undefined }
  | ({ readonly status: "error" } & ErrorReport);

/** What the session asks; every question has an id of its own. */
export type Question =
  | { readonly type: "input"; readonly id: number; readonly prompt: string; readonly password: boolean }
  /** For a module of the user's own that has no compiled text, or an old one. */
  | { readonly type: "module"; readonly id: number; readonly file: string };

/** What each kind of question is answered with. */
export interface Answers {
  readonly input: InputResult;
  readonly module: ModuleResult;
}

/** The end of the session's question `id`. */
export interface Answer {
  readonly type: "answer";
  readonly id: number;
  readonly result: Answers[keyof Answers];
}

/** A JSON object, as comm messages carry them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `comm_open`, `comm_msg` or `comm_close`, whoever sends it. */
interface CommContent {
  readonly type: "comm";
  readonly kind: "open" | "msg" | "close";
  readonly commId: string;
  readonly targetName: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** A comm message from a front end. It is answered with `commHandled`. */
export interface CommRequest extends CommContent {
  readonly id: number;
  /** Its header: the parent of all that the session sends because of it. */
  readonly request: JsonObject;
}

/** A comm message to the front ends. */
export interface CommEvent extends CommContent {
  /** The cell whose code sent it. */
  readonly serial: number;
  /** The header of the comm message that this one is due to, if it is. */
  readonly request: JsonObject | undefined;
}

/** A process that must not outlive the kernel and cannot see to that itself: the compiler, while it checks a cell. */
export interface Companion {
  readonly type: "companion";
  readonly pid: number;
}

/** A command for the inspector of the session's main thread. The watchdog passes it on, whatever that thread does. */
export interface InspectorCommand {
  readonly type: "inspector";
  readonly id: number;
  readonly method: string;
  readonly params: JsonObject;
}

/** What the watchdog says of the inspector, on the descriptor from which it reads. */
export type FromInspector =
  | { readonly id: number; readonly result: JsonObject }
  | { readonly id: number; readonly failure: string }
  | { readonly event: string; readonly params: JsonObject };

/** What the cell that is being compiled is going to import: packages take as long to load as the cell to compile. */
export interface Foreseen {
  readonly type: "foreseen";
  readonly specifiers: readonly string[];
}

export type ToSession =
  | CommRequest
  | InspectorCommand
  | { readonly type: "execute"; readonly cell: CellOrigin; readonly program: Program }
  | { readonly type: "expression"; readonly cell: CellOrigin; readonly program: Program }
  | { readonly type: "interrupt" }
  | Foreseen
  | Companion
  | Answer;

export type StreamName = "stdout" | "stderr";

export type FromSession =
  | CommEvent
  | Question
  | { readonly type: "commHandled"; readonly id: number }
  | { readonly type: "ready" }
  /** Only for its mark: what others have written by now comes before what they write from here on. */
  | { readonly type: "childEnded" }
  | { readonly type: "stream"; readonly serial: number; readonly name: StreamName; readonly text: string }
  | {
      readonly type: "display";
      readonly serial: number;
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
      readonly displayId: string | undefined;
      readonly update: boolean;
    }
  | { readonly type: "clear"; readonly serial: number; readonly wait: boolean }
  | ({ readonly type: "replay"; readonly serial: number } & ReplayWish)
  | {
      readonly type: "result";
      readonly serial: number;
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
    }
  | { readonly type: "done"; readonly serial: number; readonly error: ErrorReport | undefined }
  | { readonly type: "expression"; readonly serial: number; readonly result: ExpressionResult };

/** A message as it is sent. */
export interface SessionFrame {
  readonly message: FromSession;
  /** Set when the file descriptors have been marked with this number just before. */
  readonly mark: { readonly number: number; readonly descriptors: readonly (1 | 2)[] } | undefined;
}
