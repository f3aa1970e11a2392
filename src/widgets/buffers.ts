import type { CommMessage } from "../comm/index.js";

/** JSON data, and the bytes that were in it with their places, as widgets send them. */
export interface Parted {
  readonly json: Readonly<Record<string, unknown>>;
  readonly paths: readonly (readonly (string | number)[])[];
  readonly buffers: readonly (ArrayBuffer | ArrayBufferView)[];
}

const isBytes = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/**
 * Parts bytes from what JSON can hold.
 *
 * @param state - data in which there may be typed arrays
 * @returns the data without them, and them
 */
export function partBytes(state: Readonly<Record<string, unknown>>): Parted {
  const paths: (string | number)[][] = [];
  const buffers: (ArrayBuffer | ArrayBufferView)[] = [];
  const part = (value: unknown, path: (string | number)[]): unknown => {
    if (Array.isArray(value)) return value.map((each, index) => part(each, [...path, index]) ?? null);
    if (isBytes(value)) {
      paths.push(path);
      buffers.push(value);
      return undefined;
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, part(each, [...path, key])]));
  };
  return { json: part(state, []) as Parted["json"], paths, buffers };
}

/**
 * Puts the bytes of a message back into its state.
 *
 * @param message - an `update` of the front end's
 * @returns the state
 */
export function joinBytes({ data, buffers }: CommMessage): Record<string, unknown> {
  const state = structuredClone(data.state ?? {}) as Record<string, unknown>;
  const paths = Array.isArray(data.buffer_paths) ? (data.buffer_paths as unknown[]) : [];
  for (const [index, path] of paths.entries()) if (Array.isArray(path)) place(state, path, buffers[index]);
  return state;
}

function place(state: Record<string, unknown>, path: readonly unknown[], bytes: unknown): void {
  let inner: unknown = state;
  for (const key of path.slice(0, -1)) inner = (inner as Record<string, unknown> | undefined)?.[String(key)];
  if (typeof inner === "object" && inner !== null)
    Object.defineProperty(inner, String(path.at(-1)), {
      value: bytes,
      configurable: true,
      enumerable: true,
      writable: true,
    });
}
