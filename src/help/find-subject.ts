import { basename, relative, sep } from "node:path";
import { type Documented, findExport, findMember, moduleFile, moduleNames, root } from "./declarations.js";

/** What help is about, found in the declarations. */
export interface Subject {
  /** As one writes it, such as "layers.lstm" */
  readonly name: string;
  /** The module that exports it; undefined for what is only seen through other exports */
  readonly module: string | undefined;
  /** Several for overloads */
  readonly declarations: readonly Documented[];
  /** What it is a member of, if it is one */
  readonly owner: Documented | undefined;
}

/**
 * Finds an export by name, with a member after it: "fit", "layers.lstm", "ProgressBar.update".
 *
 * @returns it, or undefined if nothing is called so
 */
export function subjectOfName(name: string): Subject | undefined {
  const [first = "", member, ...deeper] = name.split(".");
  if (deeper.length > 0) return undefined;
  for (const module of moduleNames()) {
    const subject = subjectIn(moduleFile(module), first, member, `rnnlab/${module}`);
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/**
 * Finds where a value comes from: an export, a method of an exported class or object, or an instance of a class.
 *
 * @returns it, or undefined if it is none of rnnlab's
 */
export function subjectOfValue(value: unknown): Subject | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const all = loadedExports();
  const prototypes = new Set<unknown>();
  for (let each = Object.getPrototypeOf(value); each !== null; each = Object.getPrototypeOf(each)) {
    prototypes.add(each);
  }
  const isClassOf = (exported: unknown, prototype: unknown) =>
    typeof exported === "function" && exported.prototype === prototype;
  return (
    firstOf(all, (exported) => exported === value) ??
    firstOf(all, (exported) => typeof value === "function" && memberName(exported, value)) ??
    [...prototypes].map((one) => firstOf(all, (exported) => isClassOf(exported, one))).find(Boolean)
  );
}

interface LoadedExport {
  readonly file: string;
  readonly name: string;
  readonly value: unknown;
}

/** The first export that passes, with the member that the test names. */
function firstOf(
  all: readonly LoadedExport[],
  test: (value: unknown) => boolean | string | undefined,
): Subject | undefined {
  for (const { file, name, value } of all) {
    const passed = test(value);
    if (passed === false || passed === undefined) continue;
    const isPublic = basename(file) === "index.js";
    const module = isPublic ? `rnnlab/${relative(root, file).split(sep)[0]}` : undefined;
    const member = typeof passed === "string" ? passed : undefined;
    const subject = subjectIn(file.replace(/\.js$/, ".d.ts"), name, member, module);
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/** What the loaded files of the package export, modules first: who has a value of rnnlab has loaded where it is from. */
function loadedExports(): LoadedExport[] {
  const files = Object.keys(require.cache).filter(
    (file) => relative(root, file).includes(sep) && file.startsWith(root),
  );
  const isModule = (file: string) => Number(basename(file) === "index.js");
  return files
    .sort((a, b) => isModule(b) - isModule(a))
    .flatMap((file) => {
      const exports: unknown = require.cache[file]?.exports;
      if (typeof exports !== "object" || exports === null) return [];
      return Object.entries(exports).map(([name, value]) => ({ file, name, value }));
    });
}

/** Finds a function among the own members of an object, of a class or of its instances. */
function memberName(owner: unknown, member: object): string | undefined {
  const places = typeof owner === "function" ? [owner.prototype, owner] : [owner];
  for (const place of places) {
    if ((typeof place !== "object" && typeof place !== "function") || place === null) continue;
    const members = Object.entries(Object.getOwnPropertyDescriptors(place));
    const found = members.find(([name, { value }]) => value === member && name !== "constructor");
    if (found !== undefined) return found[0];
  }
  return undefined;
}

function subjectIn(
  file: string,
  name: string,
  member: string | undefined,
  module: string | undefined,
): Subject | undefined {
  const found = findExport(file, name);
  const declarations = member === undefined ? found : found.flatMap((owner) => findMember(owner, member));
  if (declarations.length === 0) return undefined;
  if (member === undefined) return { name, module, declarations, owner: undefined };
  return { name: `${name}.${member}`, module, declarations, owner: found[0] };
}
