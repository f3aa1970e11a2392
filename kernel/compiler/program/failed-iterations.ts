import ts from "typescript";

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
const inner = ts as unknown as {
  readonly objectAllocator: { getTypeConstructor(): { readonly prototype: object } };
};

/** Where a type notes what an iteration of it gives. */
const NOTES = ["iterationTypesOfIterable", "iterationTypesOfAsyncIterable"];

/**
 * Keeps types from noting that they cannot be iterated. TypeScript says so of a union once, then reads its note and says
 * nothing. But a checker of cells goes on for many of them, and each has to hear of its own mistake.
 */
export function noteNoFailedIterations(): void {
  const { prototype } = inner.objectAllocator.getTypeConstructor();
  for (const note of NOTES) {
    Object.defineProperty(prototype, note, {
      configurable: true,
      set(this: object, types: object) {
        if (isFailure(types)) return;
        Object.defineProperty(this, note, { value: types, writable: true, configurable: true });
      },
    });
  }
}

/** TypeScript has one value for all failures, which must not be asked for anything. */
const isFailure = (types: object): boolean =>
  Object.getOwnPropertyDescriptor(types, "yieldType")?.get !== undefined;
