import { inspect } from "node:util";

/** A class of some library. */
export type Class<Value extends object> = { readonly prototype: Value };

/** Writes a value as text. Within another value it is `nested`: then it should be one line. */
export type View<Value extends object> = (value: Value, nested: boolean) => string;

/**
 * Decides how `inspect`, and with it `console.log` and the result of a cell, writes the values of a class and its
 * subclasses. A value that the view cannot describe is written as any other object.
 */
export function defineView<Value extends object>(type: Class<Value>, view: View<Value>): void {
  Object.defineProperty(type.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Value, depth: number | null, options: { readonly depth?: number | null }): unknown {
      try {
        return view(this, depth !== options.depth);
      } catch {
        // Half built, or changed by user code: its parts say more than the error would.
        return this;
      }
    },
  });
}
