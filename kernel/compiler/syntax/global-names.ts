/** Globals that nobody can declare. */
const FIXED: ReadonlySet<string> = new Set(["Infinity", "NaN", "undefined"]);

/**
 * Whether all code takes a name for JavaScript's or Node's own.
 *
 * Asked when it is needed, and without a look at the value: a start-up snapshot is made where not all globals exist, and
 * reading those that Node loads on demand would make it impossible.
 */
export function isGlobalName(name: string): boolean {
  return Object.hasOwn(globalThis, name) && !FIXED.has(name);
}
