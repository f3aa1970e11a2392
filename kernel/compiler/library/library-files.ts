/** JavaScript's library as the Node.js that runs the cells has it, in the parts that TypeScript has declarations of. */
const PARTS: readonly (readonly [part: string, isThere: () => boolean])[] = [
  ["es2024.arraybuffer", () => "transfer" in ArrayBuffer.prototype],
  ["es2024.collection", () => "groupBy" in Map],
  ["es2024.object", () => "groupBy" in Object],
  ["es2024.promise", () => "withResolvers" in Promise],
  ["es2024.regexp", () => "unicodeSets" in RegExp.prototype],
  ["es2024.sharedmemory", () => typeof Atomics === "object" && "waitAsync" in Atomics],
  ["es2024.string", () => "isWellFormed" in String.prototype],
  ["es2025.collection", () => "union" in Set.prototype],
  ["es2025.float16", () => "Float16Array" in globalThis],
  ["es2025.intl", () => typeof Intl === "object" && "DurationFormat" in Intl],
  ["es2025.iterator", () => "Iterator" in globalThis],
  ["es2025.promise", () => "try" in Promise],
  ["es2025.regexp", () => "escape" in RegExp],
  ["esnext.array", () => "fromAsync" in Array],
  ["esnext.collection", () => "getOrInsert" in Map.prototype],
  ["esnext.date", () => "toTemporalInstant" in Date.prototype],
  ["esnext.error", () => "isError" in Error],
  ["esnext.intl", () => "Temporal" in globalThis],
  ["esnext.sharedmemory", () => typeof Atomics === "object" && "pause" in Atomics],
  ["esnext.temporal", () => "Temporal" in globalThis],
  ["esnext.typedarrays", () => "fromBase64" in Uint8Array],
];

/** The library files that cells are checked with. TypeScript compiles `using` and decorators itself. */
export function libraryFiles(): string[] {
  const found = PARTS.filter(([, isThere]) => isThere()).map(([part]) => part);
  return ["es2023", ...found, "esnext.disposable", "esnext.decorators"].map((part) => `lib.${part}.d.ts`);
}
