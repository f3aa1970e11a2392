import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Cells that damage what the session's own code may rely on; afterwards the kernel must answer as before. */
const cells: Record<string, string> = {
  "takes Promise away": 'Reflect.set(globalThis, "Promise", null);',
  "breaks Array.prototype": 'Reflect.set(Array.prototype, "map", () => { throw new Error("no map"); });',
  "breaks JSON": 'Reflect.set(JSON, "stringify", () => { throw new Error("no JSON"); });',
  "freezes Object.prototype": "Object.freeze(Object.prototype);",
  "adds to Object.prototype": 'Reflect.set(Object.prototype, "everywhere", 1);',
  "removes the process's listeners":
    "process.removeAllListeners();\nsetTimeout(() => { throw new Error('in a timer'); }, 5);\nawait new Promise((resolve) => setTimeout(resolve, 50));",
  "replaces Error.prepareStackTrace":
    'Error.prepareStackTrace = () => { throw new Error("no stack"); };\nthrow new Error("seen");',
  "takes stack traces away": "Error.stackTraceLimit = 0;\nthrow new Error('seen');",
  "closes descriptor 1": 'import { closeSync } from "node:fs";\ncloseSync(1);',
  "closes descriptor 3": 'import { closeSync } from "node:fs";\ncloseSync(3);',
  "closes descriptor 4": 'import { closeSync } from "node:fs";\ncloseSync(4);',
  "changes the working directory": 'process.chdir("/");',
  "ends by SIGSEGV": 'process.kill(process.pid, "SIGSEGV");\nawait new Promise(() => {});',
  "starts a hundred thousand timers": "for (let i = 0; i < 1e5; i++) setTimeout(() => {}, 0);",
  "is nested too deeply for the compiler": `${"(".repeat(20_000)}1${")".repeat(20_000)}`,
  "has a line of 200,000 characters": `const long = "${"x".repeat(200_000)}";`,
  "shows data of the wrong type": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": 5 }) })',
  "shows a circular bundle":
    'const ring: Record<string, unknown> = {};\nring.ring = ring;\n({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": ring }) })',
  "shows a proxy whose traps throw": 'new Proxy({}, { get() { throw new Error("trap"); } })',
  "writes what looks like a mark of the kernel":
    'process.stdout.write("\\0".repeat(3) + "a".repeat(36) + ":1\\0");',
};

for (const [what, code] of Object.entries(cells)) {
  test(`the kernel answers after a cell that ${what}`, async () => {
    const hostile = await kernel().execute(code);
    assert.ok(hostile.status === "ok" || hostile.error !== undefined, "an error without an error message");
    const next = await kernel().execute('import { basename } from "node:path";\nbasename("/a/b") + (1 + 1)');
    const working = next.status === "ok" ? next : await kernel().execute('"b" + (1 + 1)');
    assert.equal(working.result, "'b2'", working.traceback);
    // The next test begins in a fresh session.
    await kernel().execute("process.exit()");
  });
}
