import { Session } from "node:inspector";
import { hideFromObjects } from "../realm/plain-objects.js";

export function connectedInspector(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/** Forgets what is asked of the inspector and not answered. */
export function reconnect(session: Session): void {
  try {
    session.disconnect();
  } catch {
    // It is disconnected, but could not say so to those who wait: from Node 24 on it goes through them by what cells may change.
  }
  session.connect();
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
  const restore = hideFromObjects("toJSON");
  if (restore === undefined) {
    session.post(method, params, receive);
    return;
  }
  try {
    // Read last, just before the inspector does what it is asked for.
    const end = { get: restore, enumerable: true };
    session.post(method, Object.defineProperty({ ...params }, "end", end), receive);
  } catch (error) {
    restore();
    throw error;
  }
}

/** What a cell is told when Node.js cannot do what is asked of the inspector. */
export function beyondUse(cause?: unknown): Error {
  return new Error(
    "Cannot run code: a cell has changed globals or prototypes in a way that Node.js itself does not survive; restart the kernel",
    { cause },
  );
}
