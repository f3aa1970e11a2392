/** One output as the front end receives it. */
export interface DisplayMessage {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  /** Names the output, so that a later message can replace it */
  readonly displayId?: string;
  /** Replaces the output named by `displayId` instead of adding one */
  readonly update?: boolean;
}

/** Where outputs go: a kernel's session installs one, tslab and a terminal are wrapped to look like one. */
export interface DisplayHost {
  publish(message: DisplayMessage): void;
  clear(wait?: boolean): void;
  /** Has a function called when the running cell is interrupted; takes it back when what it returns is called */
  whenInterrupted?(callback: () => void): () => void;
  /** The running cell; its `id` is undefined where the front end sends none */
  readonly cell: { readonly id: string | undefined; readonly executionCount: number };
}

/** Who shows the output: this project's kernel, tslab's kernel, or nobody but standard output. */
export type DisplayTarget = "rnnlab" | "tslab" | "text";

const hostSymbol = Symbol.for("rnnlab.displayHost");
const noCell = { id: undefined, executionCount: 0 };

type TslabWriter = (
  content: { data: object; metadata: object; transient: { display_id?: string } },
  update?: boolean,
) => void;

/** Finds tslab's writer of display messages if this process is tslab's kernel. */
function tslabWriter(): TslabWriter | undefined {
  const path = Object.keys(require.cache).find((file) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file));
  const loaded: unknown = path === undefined ? undefined : require.cache[path]?.exports;
  if (typeof loaded !== "object" || loaded === null || !("lastWriteDisplayData" in loaded)) return undefined;
  const writer = loaded.lastWriteDisplayData;
  return typeof writer === "function" ? (writer as TslabWriter) : undefined;
}

/** tslab keeps only one format a message through its public `display`, its writer takes them all. */
function tslabHost(write: TslabWriter): DisplayHost {
  return {
    publish: ({ data, metadata = {}, displayId, update = false }) =>
      write({ data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } }, update),
    clear: () => undefined, // tslab has no message for it
    cell: noCell,
  };
}

/** A terminal shows each output once, as text: what is printed cannot be replaced. */
const textHost: DisplayHost = {
  publish: ({ data, update = false }) => {
    if (update) return;
    const text = data["text/plain"] ?? data["text/markdown"] ?? `[${Object.keys(data).join(", ")}]`;
    process.stdout.write(`${String(text)}\n`);
  },
  clear: () => undefined,
  cell: noCell,
};

/**
 * Finds where outputs go at this moment.
 *
 * @returns the host and what it is
 */
export function findHost(): { readonly host: DisplayHost; readonly target: DisplayTarget } {
  const installed = (globalThis as { [hostSymbol]?: DisplayHost })[hostSymbol];
  if (installed !== undefined) return { host: installed, target: "rnnlab" };
  const writer = tslabWriter();
  if (writer !== undefined) return { host: tslabHost(writer), target: "tslab" };
  return { host: textHost, target: "text" };
}
