import type { Hostile } from "./language.js";

/** What a cell may change: the objects as this process has them, by the names that a cell uses. */
const owners: Readonly<Record<string, object>> = {
  globalThis,
  Object,
  "Object.prototype": Object.prototype,
  "Function.prototype": Function.prototype,
  Array,
  "Array.prototype": Array.prototype,
  "String.prototype": String.prototype,
  "Number.prototype": Number.prototype,
  "Symbol.prototype": Symbol.prototype,
  Promise,
  "Promise.prototype": Promise.prototype,
  "Map.prototype": Map.prototype,
  "Set.prototype": Set.prototype,
  "WeakMap.prototype": WeakMap.prototype,
  "RegExp.prototype": RegExp.prototype,
  "Date.prototype": Date.prototype,
  Error,
  "Error.prototype": Error.prototype,
  JSON,
  Math,
  Reflect,
  Atomics,
  Buffer,
  "Buffer.prototype": Buffer.prototype,
  "Uint8Array.prototype": Uint8Array.prototype,
  "Object.getPrototypeOf(Uint8Array.prototype)": Object.getPrototypeOf(Uint8Array.prototype) as object,
  "Object.getPrototypeOf([][Symbol.iterator]())": Object.getPrototypeOf([][Symbol.iterator]()) as object,
  "Object.getPrototypeOf(new Map().values())": Object.getPrototypeOf(new Map().values()) as object,
  "WeakRef.prototype": WeakRef.prototype,
  "ArrayBuffer.prototype": ArrayBuffer.prototype,
  "DataView.prototype": DataView.prototype,
  console,
  process,
  "process.stdout": process.stdout,
};

/** What a member becomes. */
const breakages: Readonly<Record<string, (owner: string, key: string) => string>> = {
  undefined: () => "undefined",
  "what throws": () => '() => { throw new Error("broken"); }',
  "what gives nothing": () => "() => undefined",
};

/** Names that programs look for in options and messages: here every object has them. */
const inherited = (
  "value get set writable enumerable configurable then toJSON type data id name message stack cause code length " +
  "content metadata text serial constructor signal env cwd encoding depth colors transfer default"
).split(" ");

function membersOf(owner: object): string[] {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(owner));
  const names = descriptors
    .filter(
      ([name, { configurable, value }]) => configurable && name !== "constructor" && isReplaceable(value),
    )
    .map(([name]) => JSON.stringify(name));
  const symbols = Object.getOwnPropertySymbols(owner)
    .filter((symbol) => Object.getOwnPropertyDescriptor(owner, symbol)?.configurable)
    .flatMap((symbol) => /^Symbol\((Symbol\.\w+)\)$/.exec(String(symbol))?.[1] ?? []);
  return [...names, ...symbols];
}

const isReplaceable = (value: unknown) =>
  typeof value === "function" || (typeof value === "object" && value !== null && value !== globalThis);

function define(owner: string, key: string, value: string): string {
  return `Object.defineProperty(${owner}, ${key}, { value: ${value}, configurable: true, writable: true });\nundefined`;
}

/** Replaces a function by one that does the same, as a lesson on polyfills does. */
function replaceByEqual(owner: string, key: string): string {
  return `const original: any = Object.getOwnPropertyDescriptor(${owner}, ${key})?.value;
const equal = function (this: unknown, ...args: unknown[]) {
  return new.target ? Reflect.construct(original, args) : Reflect.apply(original, this, args);
};
${define(owner, key, "equal")}`;
}

const replaced: readonly Hostile[] = Object.entries(owners).flatMap(([owner, object]) =>
  membersOf(object).flatMap((key) =>
    Object.entries(breakages).map(([name, value]) => ({
      kind: `a member becomes ${name}`,
      label: `${owner} ${key} becomes ${name}`,
      code: define(owner, key, value(owner, key)),
    })),
  ),
);

/** Without those of Reflect, which the equal one itself needs, and without classes. */
const equals: readonly Hostile[] = Object.entries(owners)
  .filter(([owner]) => !["globalThis", "Reflect", "process", "process.stdout"].includes(owner))
  .flatMap(([owner, object]) =>
    membersOf(object)
      .filter((key) => key.startsWith('"'))
      .filter((key) => typeof Reflect.get(object, JSON.parse(key) as string) === "function")
      .map((key) => ({
        kind: "a method becomes an equal one",
        label: `${owner} ${key} becomes an equal one`,
        code: replaceByEqual(owner, key),
        harmless: true,
      })),
  );

/** What every object may have under a name that programs look for. */
const members = {
  "a member": "value: 1, writable: true",
  "a method": "value: function () {}, writable: true",
  "a getter that throws": 'get() { throw new Error("broken"); }, set() {}',
};

const added: readonly Hostile[] = ["Object.prototype", "Array.prototype", "Function.prototype"].flatMap(
  (owner) =>
    inherited.flatMap((name) =>
      Object.entries(members).map(([member, descriptor]) => ({
        kind: `every object has ${member}`,
        label: `${owner}.${name} is ${member}`,
        code: `Object.defineProperty(${owner}, "${name}", { ${descriptor}, configurable: true, enumerable: true });\nundefined`,
      })),
    ),
);

const whole: readonly Hostile[] = [
  "Object.freeze(Object.prototype); Object.freeze(Array.prototype);",
  "Object.setPrototypeOf(Array.prototype, null);",
  "Object.setPrototypeOf(globalThis, null);",
  "for (const name of Object.getOwnPropertyNames(globalThis)) try { Reflect.deleteProperty(globalThis, name); } catch {}",
  "for (const name of Object.getOwnPropertyNames(Array.prototype)) try { Reflect.deleteProperty(Array.prototype, name); } catch {}",
  "for (const name of Object.getOwnPropertyNames(Promise.prototype)) Reflect.deleteProperty(Promise.prototype, name);",
  "Error.prepareStackTrace = () => { throw new Error('broken'); };",
  "Error.stackTraceLimit = 0;",
  "process.removeAllListeners();",
  "process.emit = () => { throw new Error('broken'); };",
].map((code) => ({ kind: "all at once", label: code, code: `${code}\nundefined` }));

/** Cells that break what code of the session could rely on. */
export const javascriptHostile: readonly Hostile[] = [...replaced, ...equals, ...added, ...whole];
