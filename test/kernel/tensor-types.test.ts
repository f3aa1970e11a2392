import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { leadingTensorImports } from "../../kernel/shared/tensor-imports.js";
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

test("the imports with which a cell begins are loaded while it compiles, also if it has a mistake, and print nothing", async () => {
  const client = await KernelClient.start();
  try {
    const cell = await client.execute(
      '// First the model.\nimport { tf } from "rnnlab";\nimport { fit } from "rnnlab/training";\nconst text: string = tf.scalar(1);',
    );
    assert.match(cell.traceback, /TS2322/);
    assert.equal(cell.stdout + cell.stderr, "");
    const loaded = await client.execute(
      'Object.keys(require.cache).some((file) => file.includes("tfjs-core"))',
    );
    assert.equal(loaded.result, "true");
  } finally {
    await client.dispose();
  }
});

test("leadingTensorImports() finds declarations at the start that import values of rnnlab or TensorFlow.js", () => {
  const cells: readonly (readonly [cell: string, found: readonly string[]])[] = [
    ['import { tf } from "rnnlab";', ["rnnlab"]],
    ["#!x", []],
    [
      "/* a */ import \"rnnlab/plot\"\n// b\nimport * as tf from '@tensorflow/tfjs-core'",
      ["rnnlab/plot", "@tensorflow/tfjs-core"],
    ],
    [
      'import fs from "node:fs";\nimport {\n  fit,\n  type History,\n} from "npm:rnnlab/training";\nfit',
      ["npm:rnnlab/training"],
    ],
    ['import type { tf } from "rnnlab";', []],
    ['const a = 1;\nimport { tf } from "rnnlab";', []],
    ['const { tf } = await import("rnnlab");', []],
    ['import("rnnlab")', []],
    ['import { a } from "rnnlabs"; import { b } from "./rnnlab"', []],
    ['import tf = require("rnnlab");', []],
  ];
  for (const [cell, found] of cells) assert.deepEqual(leadingTensorImports(cell), found, cell);
});

test("a package of the name in the notebook's folder is the one that is meant, though the compiler has practised with another", async () => {
  const { folder } = folderOfTwo();
  const own = join(folder, "node_modules/rnnlab");
  mkdirSync(own, { recursive: true });
  writeFileSync(
    join(own, "package.json"),
    JSON.stringify({ name: "rnnlab", version: "9.0.0", main: "own.js" }),
  );
  writeFileSync(join(own, "own.js"), 'exports.own = "beside the notebook";');
  writeFileSync(join(own, "own.d.ts"), "export declare const own: string;");
  const client = await KernelClient.start({ cwd: folder });
  try {
    const cell = await client.execute('import { own } from "rnnlab";\nown');
    assert.equal(cell.result, "'beside the notebook'", cell.traceback);
    assert.equal(cell.stderr, "");
    assert.match((await client.execute("own.toFixed()")).traceback, /TS2339|TS2551/);
  } finally {
    await client.dispose();
    rmSync(folder, { recursive: true });
  }
});
