import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCompilerSnapshot } from "../../setup/compiler-snapshot.js";
import { cacheDirectories, cacheDirectory } from "../../src/platform/cache-directory.js";
import { processTree, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** The compiler of the kernel: the process that is neither the kernel's own nor the session's. */
function compiler(session: number): number | undefined {
  const { pid } = kernel().process;
  return processTree(pid).find((each) => each !== pid && each !== session);
}

test("the compiler that has read the types of tensors knows the cells, and what was asked meanwhile", async () => {
  // Set-up has made it.
  await makeCompilerSnapshot("tensors", cacheDirectory(), cacheDirectories().slice(1));
  const early = await kernel().execute(
    "interface Early { n: number }\nconst early: Early = { n: 1 };\nprocess.pid",
  );
  const session = Number(early.result);
  const before = compiler(session);
  assert.ok(before);
  // Its answer is still open when the next question brings another compiler.
  process.kill(before, "SIGSTOP");
  const completed = await kernel().send("shell", "complete_request", { code: "earl", cursor_pos: 4 });
  const inspected = await kernel().send("shell", "inspect_request", {
    code: 'import { tf } from "rnnlab"; tf.square',
    cursor_pos: 36,
  });
  assert.deepEqual((await kernel().replyTo(completed)).content.matches, ["early"]);
  const { found, data } = (await kernel().replyTo(inspected)).content;
  assert.equal(found, true);
  assert.match(JSON.stringify(data), /square: <T extends tf\.Tensor>/);
  assert.notEqual(compiler(session), before);
  const cell = await kernel().execute(
    'import { tf } from "rnnlab";\nconst sum: tf.Scalar = tf.tensor([early.n, 2]).sum();\nsum.dataSync()[0]',
  );
  assert.equal(cell.result, "3", cell.traceback);
  const wrong = await kernel().execute("const text: string = sum;");
  assert.match(wrong.traceback, /TS2322/);
});
