import type { JsonObject } from "../shared/session-messages.js";

/** V8's inspector, as far as it is used: the Chrome DevTools Protocol, in which lines and columns count from 0. */

export interface RemoteObject {
  readonly type: string;
  readonly objectId?: string;
  readonly value?: unknown;
  readonly description?: string;
}

export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

export interface Scope {
  readonly type: string;
  readonly name?: string;
  readonly object: RemoteObject;
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: Location;
  readonly scopeChain: readonly Scope[];
  readonly this: RemoteObject;
}

export interface AsyncStack {
  readonly callFrames: readonly (Location & { readonly functionName: string })[];
  readonly parent?: AsyncStack;
}

export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly data?: { readonly uncaught?: boolean; readonly description?: string; readonly objectId?: string };
  readonly hitBreakpoints?: readonly string[];
  readonly asyncStackTrace?: AsyncStack;
}

export interface Evaluated {
  readonly result: RemoteObject;
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
}

/** Asks the inspector of the session's main thread. */
export type Command = (method: string, params?: JsonObject) => Promise<JsonObject>;
