import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupted, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Timers that block for ever whenever they are called. */
const timers: Record<string, string> = {
  "an interval": 'setInterval(() => { console.log("blocks", 0); while (true) {} }, 20);',
  "two intervals":
    'for (let i = 0; i < 2; i++) setInterval(() => { console.log("blocks", i); while (true) {} }, 20);',
  "a timer that sets itself again":
    'const again = () => { setTimeout(again, 1); console.log("blocks", 0); while (true) {} }; setTimeout(again, 20);',
  "an immediate that sets itself again":
    'const again = () => { setImmediate(again); console.log("blocks", 0); while (true) {} }; setTimeout(again, 20);',
  "a timer that goes on by a promise":
    'const again = () => { void Promise.resolve().then(() => setTimeout(again, 1)); setTimeout(again, 1); console.log("blocks", 0); while (true) {} }; setTimeout(again, 20);',
};

for (const [what, code] of Object.entries(timers)) {
  test(`${what} that blocks is cancelled by an interrupt, with a word in its cell`, async () => {
    const cell = await kernel().execute(
      `{ ${code} }\nvar others = 0; setInterval(() => others++, 5); undefined`,
    );
    for (let i = 0; i < (what === "two intervals" ? 2 : 1); i++) {
      await kernel().streamed(cell.id, `blocks ${i}`);
      const waiting = await kernel().submit("await new Promise((resolve) => setTimeout(resolve, 1e6))");
      await kernel().request("control", "interrupt_request");
      const ended = await kernel().finish(waiting);
      assert.equal(ended.reply.content.ename, "KeyboardInterrupt", ended.traceback);
    }
    await kernel().streamed(cell.id, "it is cancelled");
    const next = await kernel().execute(
      "const before = others; await new Promise((resolve) => setTimeout(resolve, 100)); others > before",
    );
    assert.equal(next.result, "true", next.traceback);
    assert.doesNotMatch(next.stdout, /blocks/);
  });
}

/** Listeners that block for ever, called by timers of Node's own. */
const listeners: Record<string, string> = {
  "an abort signal": "AbortSignal.timeout(1).onabort = block;",
  "an idle socket": "new (await import('node:net')).Socket().setTimeout(1, block);",
  "an abort signal in a context":
    "const storage = new (await import('node:async_hooks')).AsyncLocalStorage(); storage.run({}, () => { AbortSignal.timeout(1).onabort = block; });",
};

for (const [what, code] of Object.entries(listeners)) {
  test(`a listener of ${what} that blocks is interrupted, and the session lives on`, async () => {
    await kernel().execute("var kept = 42;");
    const cell = await interrupted(
      kernel(),
      `{ const block = () => { console.log("started"); for (;;); };\n${code} }\nawait new Promise(() => {});`,
    );
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt", cell.traceback);
    const next = await kernel().execute(
      "await new Promise((resolve) => setTimeout(resolve, 1)); AbortSignal.timeout(1).onabort = () => console.log('heard'); kept",
    );
    assert.equal(next.result, "42", next.traceback);
    await kernel().streamed(next.id, "heard");
  });
}
