/** The key of the global through which `rnnlab/comm` reaches a front end: a kernel's session puts a {@link CommHost} there. */
export const commHostKey: unique symbol = Symbol.for("rnnlab.commHost");

/** What came from the front end on a comm. */
export interface CommMessage {
  /** JSON data */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Binary data, each buffer with memory of its own */
  readonly buffers: readonly Uint8Array[];
}

/** What can go along with the data of a message to the front end. */
export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Binary data, sent as bytes: typed arrays or array buffers */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** Takes a message; the front end sees the kernel busy until a returned promise is settled. */
export type CommHandler = (message: CommMessage) => void | Promise<void>;

/** One conversation between a notebook's cell and code in the front end, a widget for instance. */
export interface Comm {
  readonly id: string;
  readonly targetName: string;
  /** Whether either side has closed it */
  readonly closed: boolean;
  /** Sends JSON data and bytes; throws an Error on a closed comm and a TypeError on data that is no JSON object */
  send(data?: Readonly<Record<string, unknown>>, extras?: CommExtras): void;
  /** Ends the conversation; a second time it does nothing */
  close(data?: Readonly<Record<string, unknown>>, extras?: CommExtras): void;
  /** Sets what is called for each message, in the place of what was set before */
  onMessage(handler: CommHandler | undefined): void;
  /** Sets what is called when the front end closes the comm */
  onClose(handler: CommHandler | undefined): void;
}

/** Takes a comm that the front end has opened. */
export type CommOpenHandler = (comm: Comm, message: CommMessage) => void | Promise<void>;

/** What a kernel's session installs for this module. */
export interface CommHost {
  registerTarget(name: string, onOpen: CommOpenHandler): void;
  unregisterTarget(name: string): boolean;
  open(targetName: string, data?: Readonly<Record<string, unknown>>, extras?: CommExtras): Comm;
  /**
   * Makes a function that has code called soon, as a part of the cell that is running now. Calls that come before it
   * begins, or while it runs, are thrown together into one, which is told how many they are. The promise is fulfilled
   * when a run that began later has ended, also by an interrupt. What the code throws is shown by its cell.
   *
   * @param interval - the shortest time from the end of a run to the next one, in ms
   */
  signal(code: (calls: number) => unknown, what: string, interval?: number): () => Promise<void>;
}
