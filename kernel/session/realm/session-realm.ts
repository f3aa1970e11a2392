/**
 * The realm of the session's own code. Cells may do with their globals and prototypes what they like: this code has others,
 * and Node's modules as they were before the first cell. `cell-realm.ts` has what it shares with them.
 *
 * Of the session's modules this one and `cell-realm.ts` alone are loaded in the realm of the cells.
 */
import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { compileFunction, createContext, runInContext } from "node:vm";
import { type MessagePort, moveMessagePortToContext } from "node:worker_threads";
import * as cellRealm from "./cell-realm.js";

type Exports = Record<PropertyKey, unknown>;

const realm = createContext(Object.create(null), { name: "rnnlab" });

/**
 * What session code knows without importing it: V8 would look up the globals of such a realm at 0.4 µs each. Errors are
 * those of the cells, which may catch them and ask what they are.
 */
const intrinsics: Readonly<Record<string, unknown>> = {
  ...(runInContext(
    `Object.fromEntries(Object.getOwnPropertyNames(globalThis)
      .filter((name) => !["console", "eval", "globalThis"].includes(name))
      .map((name) => [name, globalThis[name]])
      .filter(([, value]) => Object(value) === value))`,
    realm,
  ) as object),
  ...cellRealm.cells.errors,
};
const names = ["exports", "require", "module", "__filename", "__dirname", ...Object.keys(intrinsics)];

const modules = new Map<string, { exports: Exports }>([
  [__filename, module as { exports: Exports }],
  [join(__dirname, "cell-realm.js"), { exports: cellRealm }],
]);

/** Loads a CommonJS module of the kernel, and all that it requires, into the session's realm. */
export function loadInRealm(file: string): Exports {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const { resolve } = createRequire(file);
  const requireInRealm = (request: string): unknown =>
    isBuiltin(request) ? builtin(request) : loadInRealm(resolve(request));
  const run = compileFunction(readFileSync(file, "utf8"), names, { filename: file, parsingContext: realm });
  Reflect.apply(run, undefined, [
    module.exports,
    requireInRealm,
    module,
    file,
    dirname(file),
    ...Object.values(intrinsics),
  ]);
  return module.exports;
}

const builtins = new Map<string, unknown>([["node:process", process]]);

/** A module of Node's as it is now: whatever somebody puts in its place later, the session has this one. */
function builtin(name: string): unknown {
  const known = builtins.get(name);
  if (known !== undefined) return known;
  const copy = copyOf(require(name) as object, (part) => copyOf(part));
  builtins.set(name, copy);
  return copy;
}

/** @param inner - what objects in the module become, such as the `types` of `node:util` */
function copyOf(module: object, inner: (part: object) => object = (part) => part): object {
  const descriptors = Object.getOwnPropertyDescriptors(module);
  for (const descriptor of Object.values(descriptors)) {
    if (isPlain(descriptor.value)) descriptor.value = inner(descriptor.value);
  }
  return Object.freeze(Object.create(null, descriptors) as object);
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A port as another realm than Node's own has it. */
export interface OwnPort<Message> extends MessagePort {
  onmessage: (event: { readonly data: Message }) => void;
}

/** Makes what comes on a port objects of the session's realm. */
export function adoptPort<Message>(port: MessagePort): OwnPort<Message> {
  const own = moveMessagePortToContext(port, realm) as OwnPort<Message>;
  own.start();
  return own;
}
