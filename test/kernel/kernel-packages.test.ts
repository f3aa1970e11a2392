import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

/** A folder outside the project with nothing in it: the packages come from the kernel. */
const folder = mkdtempSync(join(tmpdir(), "rnnlab-empty-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel({ cwd: folder });

test("@tensorflow/tfjs-node computes and is typed", async () => {
  const cell = await kernel().execute(
    'import * as tf from "@tensorflow/tfjs-node";\nArray.from(tf.tensor1d([1, 2, 3]).square().dataSync())',
  );
  assert.equal(cell.result, "[ 1, 4, 9 ]", cell.traceback);
  const wrong = await kernel().execute('tf.tensor1d("no")');
  assert.match(wrong.traceback, /TS2345/);
  const named = await kernel().execute(
    "const layer: tf.layers.Layer = tf.layers.dense({ units: 2 });\nlayer.getClassName()",
  );
  assert.equal(named.result, "'Dense'", named.traceback);
});

test("danfojs-node makes a data frame on the same TensorFlow", async () => {
  const cell = await kernel().execute(
    'import * as dfd from "danfojs-node";\nconst df = new dfd.DataFrame({ a: [1, 2], b: [3, 4] });\nconst dims: number[] = df.shape;\ndims.join()',
  );
  assert.equal(cell.result, "'2,2'", cell.traceback);
});

test("rnnlab and its parts import with their types", async () => {
  const cell = await kernel().execute(
    'import * as rnnlab from "rnnlab";\nimport { MinMaxScaler } from "rnnlab/preprocessing";\nimport * as plot from "rnnlab/plot";\n[typeof rnnlab, typeof MinMaxScaler, typeof plot].join()',
  );
  assert.equal(cell.result, "'object,function,object'", cell.traceback);
  const wrong = await kernel().execute('import { noSuchThing } from "rnnlab/preprocessing";');
  assert.match(wrong.traceback, /TS2305|noSuchThing/);
});

test("plotly's script is found", async () => {
  const cell = await kernel().execute('require.resolve("plotly.js-dist")');
  assert.match(cell.result ?? "", /plotly\.js-dist[/\\]+plotly\.min\.js'$/, cell.traceback);
});

test("require and import() find the kernel's packages too", async () => {
  const cell = await kernel().execute(
    '[typeof require("rnnlab"), typeof (await import("rnnlab/preprocessing")).MinMaxScaler].join()',
  );
  assert.equal(cell.result, "'object,function'", cell.traceback);
});

test("a tensor trained across cells keeps its type and its values", async () => {
  await kernel().execute(`
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });`);
  const cell = await kernel().execute(`
const h = await model.fit(tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), { epochs: 3, verbose: 0 });
h.epoch.length`);
  assert.equal(cell.result, "3", cell.traceback);
});
