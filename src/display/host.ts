import { type DisplayHost, displayHostKey } from "../host/display.js";

/** Who shows the output: this project's kernel, tslab's kernel, or nobody but standard output. */
export type DisplayTarget = "rnnlab" | "tslab" | "text";

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
  const installed = (globalThis as { [displayHostKey]?: DisplayHost })[displayHostKey];
  if (installed !== undefined) return { host: installed, target: "rnnlab" };
  const writer = tslabWriter();
  if (writer !== undefined) return { host: tslabHost(writer), target: "tslab" };
  return { host: textHost, target: "text" };
}
