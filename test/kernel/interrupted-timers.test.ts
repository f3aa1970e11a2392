import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

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
      const ended = await kernel().finish(waiting, 10_000);
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
