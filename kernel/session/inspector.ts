import { Session } from "node:inspector";
import { cells } from "./cell-realm.js";

const everyObject = cells.Object.prototype;

export function connectedInspector(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/**
 * Posts to the inspector of this thread. Node writes the message as JSON, in the cells' realm, and would ask it for the
 * `toJSON` that a cell may have given to every object: there is none until all is written.
 */
export function post(
  session: Session,
  method: string,
  params: object,
  receive?: (failure: Error | null, response?: object) => void,
): void {
  const hidden = Object.getOwnPropertyDescriptor(everyObject, "toJSON");
  if (hidden === undefined) {
    session.post(method, params, receive);
    return;
  }
  let whole = false;
  const restore = (): boolean => {
    if (!whole) Object.defineProperty(everyObject, "toJSON", hidden);
    whole = true;
    return true;
  };
  Reflect.deleteProperty(everyObject, "toJSON");
  try {
    // Read last.
    session.post(
      method,
      Object.defineProperty({ ...params }, "whole", { get: restore, enumerable: true }),
      receive,
    );
  } finally {
    restore();
  }
}

/** What a cell is told when Node.js cannot do what is asked of the inspector. */
export function beyondUse(cause?: unknown): Error {
  return new Error(
    "Cannot run code: a cell has changed globals or prototypes in a way that Node.js itself does not survive; restart the kernel",
    { cause },
  );
}
