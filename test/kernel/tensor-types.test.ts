import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { makeCompilerSnapshot } from "../../setup/compiler-snapshot.js";
import { cacheDirectories, cacheDirectory } from "../../src/platform/cache-directory.js";
import { KernelClient, processTree, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

// Set-up has made it.
before(() => makeCompilerSnapshot("tensors", cacheDirectory(), cacheDirectories().slice(1)));

/** A kernel's compiler: the process that is neither the kernel's own nor the session's. */
function compiler({ process: { pid } }: KernelClient, session: number): number | undefined {
  return processTree(pid).find((each) => each !== pid && each !== session);
}

test("the compiler that has read the types of tensors knows the cells, and what was asked meanwhile", async () => {
  const early = await kernel().execute(
    "interface Early { n: number }\nconst early: Early = { n: 1 };\nprocess.pid",
  );
  const session = Number(early.result);
  const first = compiler(kernel(), session);
  assert.ok(first);
  // Its answer is still open when the next question brings another compiler.
  process.kill(first, "SIGSTOP");
  const completed = await kernel().send("shell", "complete_request", { code: "earl", cursor_pos: 4 });
  const inspected = await kernel().send("shell", "inspect_request", {
    code: 'import { tf } from "rnnlab"; tf.square',
    cursor_pos: 36,
  });
  assert.deepEqual((await kernel().replyTo(completed)).content.matches, ["early"]);
  const { found, data } = (await kernel().replyTo(inspected)).content;
  assert.equal(found, true);
  assert.match(JSON.stringify(data), /square: <T extends tf\.Tensor>/);
  assert.notEqual(compiler(kernel(), session), first);
  const cell = await kernel().execute(
    'import { tf } from "rnnlab";\nconst sum: tf.Scalar = tf.tensor([early.n, 2]).sum();\nsum.dataSync()[0]',
  );
  assert.equal(cell.result, "3", cell.traceback);
  const wrong = await kernel().execute("const text: string = sum;");
  assert.match(wrong.traceback, /TS2322/);
});

const IMPORT = 'import { tf } from "rnnlab";';

/** A folder with a notebook that imports rnnlab, and an empty one. */
function folderOfTwo(): { folder: string; empty: string } {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-tensor-types-"));
  const empty = join(folder, "empty.ipynb");
  const notebook = (source: string): string => JSON.stringify({ cells: [{ cell_type: "code", source }] });
  writeFileSync(join(folder, "tensors.ipynb"), notebook(IMPORT));
  writeFileSync(empty, notebook(""));
  return { folder, empty };
}

test("a kernel in a folder with a notebook that imports tensors knows their types from the start, except for another notebook", async () => {
  const { folder, empty } = folderOfTwo();
  const keepsIts = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
    const other = await KernelClient.start({ cwd: folder, env });
    try {
      const session = Number((await other.execute("process.pid")).result);
      const first = compiler(other, session);
      const cell = await other.execute(`${IMPORT}\ntf.scalar(2).square().dataSync()[0]`);
      assert.equal(cell.result, "4", cell.traceback);
      return compiler(other, session) === first;
    } finally {
      await other.dispose();
    }
  };
  try {
    assert.equal(await keepsIts({}), true);
    assert.equal(await keepsIts({ JPY_SESSION_NAME: empty }), false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
