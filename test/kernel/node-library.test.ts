/**
 * What runs is typed, and what is typed runs: the global names of the Node.js that runs this and the members of its
 * standard classes are compared with what a cell's types, completion and hover know.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder } = notebookFolder("rnnlab-library-");
const kernel = useKernel({ cwd: folder });

/** What has no types, and why. */
const UNTYPED: Readonly<Record<string, RegExp>> = {
  // Annex B of the standard, for old web pages.
  "Date.prototype": /^(?:toGMTString|getYear|setYear)$/,
  // Node's own means, in none of its documentation, or deprecated.
  process: /^(?:moduleLoadList|binding|domain|reallyExit|openStdin|assert|initgroups)$/,
  "Buffer.prototype": /^(?:\w+Slice|\w+Write|parent|offset|inspect)$/,
  "Request.prototype": /^(?:isReloadNavigation|isHistoryNavigation|attribute|bytes|textStream)$/,
  // What Node's types leave out of classes of the web.
  Event: /^[A-Z_]+$/,
  "Response.prototype": /^(?:bytes|textStream)$/,
  "Blob.prototype": /^textStream$/,
  "WritableStreamDefaultController.prototype": /^signal$/,
  "MessagePort.prototype": /^(?:hasRef|onmessage|onmessageerror)$/,
  "Performance.prototype": /^onresourcetimingbufferfull$/,
  PerformanceObserver: /^supportedEntryTypes$/,
  "PerformanceResourceTiming.prototype": /./,
};

/** What types know of a class and only its instances have, or its subclasses. */
const OF_INSTANCES: Readonly<Record<string, RegExp>> = {
  Error: /^(?:cause|stack|error|errors|suppressed)$/,
  Exception: /^stack$/,
  RegExp: /^lastIndex$/,
  Iterator: /^(?:next|return|throw)$/,
  MessageChannel: /^port[12]$/,
  File: /^webkitRelativePath$/,
  MessagePort: /^onclose$/,
  Function: /^(?:prototype|__promisify__)$/,
  // Node's types say that it is a resource, which nobody sees.
  PerformanceObserver: /^(?:asyncId|bind|emitDestroy|runInAsyncScope|triggerAsyncId)$/,
  MessageEvent: /^initMessageEvent$/,
  Crypto: /^CryptoKey$/,
};
const UNREAL = [
  // Where TypeScript's decorators keep what V8 does not know yet: it may be undefined.
  "Symbol.metadata",
  // The types of a major version are those of its latest one.
  "URL.parse",
  "Blob.prototype.bytes",
  "File.prototype.bytes",
];

interface Owner {
  /** How it is written. */
  readonly path: string;
  readonly type: string;
  /** What it has itself. */
  readonly names: readonly string[];
  /** What it is an instance or a subclass of. */
  readonly kinds: readonly string[];
}

/** Tells what there is, in a fresh session. */
const REFLECTION = `// @ts-nocheck
const owners = [];
const isConstructible = (f) => {
  try { return /^[A-Z]/.test(f.name) && !/Symbol|BigInt|^Performance./.test(f.name) && Reflect.construct(Object, [], f) !== undefined; } catch { return false; }
};
const kindsOf = (value) => {
  const kinds = [];
  for (let at = value; at != null; at = Object.getPrototypeOf(at)) if (Object.hasOwn(at, "constructor")) kinds.push(at.constructor.name);
  return kinds;
};
const add = (path, type, value) => owners.push({ path, type, kinds: kindsOf(value),
  names: Object.getOwnPropertyNames(value).filter((name) => /^[A-Za-z]\\w*$/.test(name) && name !== "constructor") });
const look = (path, value) => {
  if (typeof value === "function") {
    add(path, "typeof " + path, value);
    if (value.prototype) add(path + ".prototype", isConstructible(value) ? "InstanceType<typeof " + path + ">" : "typeof " + path + ".prototype", value.prototype);
  } else if (typeof value === "object" && value !== null) add(path, "typeof " + path, value);
};
const names = Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith("__"));
for (const name of names) {
  if (["globalThis", "global", "require"].includes(name)) continue;
  look(name, globalThis[name]);
  if (["Intl", "WebAssembly", "Temporal"].includes(name))
    for (const member of Object.getOwnPropertyNames(globalThis[name])) look(name + "." + member, globalThis[name][member]);
}
console.log(JSON.stringify({ names, owners }));`;

let reflected: Promise<{ readonly names: readonly string[]; readonly owners: readonly Owner[] }> | undefined;

/** Asked once: the tests share a kernel. */
const reflect = () => {
  reflected ??= kernel()
    .execute(REFLECTION)
    .then(({ stdout }) => JSON.parse(stdout));
  return reflected;
};

/** Which of the expressions the types of a cell refuse. */
async function refused(declarations: readonly string[], expressions: readonly string[]): Promise<string[]> {
  const lines = [...declarations, "() => {", ...expressions.map((expression) => `${expression};`), "}"];
  const { status, traceback } = await kernel().execute(lines.join("\n"));
  if (status === "ok") return [];
  const places = [...traceback.matchAll(/Cell In\[\d+\], line (\d+)/g)].map(([, line]) => Number(line));
  return [...new Set(places)].map((line) => lines[line - 1]!.replace(";", ""));
}

async function completions(code: string): Promise<string[]> {
  const { content } = await kernel().request("shell", "complete_request", { code, cursor_pos: code.length });
  return content.matches as string[];
}

/** What a list of expressions with `in` says is not so. */
async function absent(
  members: readonly { readonly path: string; readonly name: string }[],
): Promise<string[]> {
  const list = members.map(
    ({ path, name }) => `[${JSON.stringify(`${path}.${name}`)}, ${JSON.stringify(name)} in ${path}]`,
  );
  const { stdout, traceback } = await kernel().execute(
    `// @ts-nocheck\nconsole.log(JSON.stringify([${list.join(", ")}].filter(([, isThere]) => !isThere)));`,
  );
  assert.notEqual(stdout, "", traceback);
  return (JSON.parse(stdout) as [string, boolean][]).map(([member]) => member);
}

test("every global name of Node.js is typed, and offered by completion", async () => {
  const { names } = await reflect();
  assert.deepEqual(await refused([], names), []);
  const offered = new Set(await completions(""));
  assert.deepEqual(
    names.filter((name) => !offered.has(name)),
    [],
  );
});

test("every member of the standard classes and objects is typed", async () => {
  const { owners } = await reflect();
  const declarations = owners.map(({ type }, index) => `declare const it${index}: ${type};`);
  const members = owners.flatMap(({ path, names }, index) =>
    names.filter((name) => !UNTYPED[path]?.test(name)).map((name) => `it${index}.${name}`),
  );
  const found = await refused(declarations, members);
  assert.deepEqual(
    found.map((each) => each.replace(/^it(\d+)/, (_, index) => owners[Number(index)]!.path)),
    [],
  );
});

test("every global variable that the types know is there", async () => {
  const known = (await completions("globalThis.")).map((match) => match.replace("globalThis.", ""));
  assert.ok(known.length > 100);
  const missing = await absent(known.map((name) => ({ path: "globalThis", name })));
  // Node.js has it with a flag only, and says so: its type includes undefined.
  assert.deepEqual(missing, ["globalThis.gc"]);
});

test("every member of the standard classes that the types know is there", async () => {
  const { owners } = await reflect();
  const standard = owners.filter(({ path }) => !/^(?:process|console|performance|crypto)\b/.test(path));
  const members: { readonly path: string; readonly name: string }[] = [];
  for (const { path, kinds } of standard) {
    for (const match of await completions(`${path}.`)) {
      const name = match.slice(match.lastIndexOf(".") + 1);
      if (!kinds.some((kind) => OF_INSTANCES[kind]?.test(name))) members.push({ path, name });
    }
  }
  assert.ok(members.length > 1000);
  assert.deepEqual(
    (await absent(members)).filter((member) => !UNREAL.includes(member)),
    [],
  );
});

test("hover describes what only this Node.js has", async () => {
  for (const code of ["ArrayBuffer.prototype.resize", "WebAssembly.instantiateStreaming", "SubtleCrypto"]) {
    const { content } = await kernel().request("shell", "inspect_request", {
      code,
      cursor_pos: code.length,
      detail_level: 0,
    });
    assert.equal(content.found, true, code);
  }
});
