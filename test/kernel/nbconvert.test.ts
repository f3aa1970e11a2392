import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, useJupyterHome } from "../../tools/kernel-client/index.js";
import { executedOnce, executeNotebook, joined } from "../../tools/kernel-client/nbconvert.js";

const home = useJupyterHome();

const execute = (name: string, sources: string[], options: string[] = []) =>
  executeNotebook(home(), name, sources, options);

/** Cells that put out something in every way, with what nbconvert has to store of the i-th one. */
const kinds: ((i: number) => [source: string, outputs: object[]])[] = [
  (i) => [
    `console.log("out ${i}");\nconsole.error("err ${i}");\n${i} * 2`,
    [stream("stdout", `out ${i}\n`), stream("stderr", `err ${i}\n`), result(i, `${i * 2}`)],
  ],
  (i) => [
    `await new Promise((resolve) => setTimeout(resolve, 2));\nvoid process.stdout.write("late ${i}\\n");`,
    [stream("stdout", `late ${i}\n`)],
  ],
  (i) => [
    `import { spawnSync } from "node:child_process";\nspawnSync("echo", ["child ${i}"], { stdio: "inherit" });\n"${i}"`,
    [stream("stdout", `child ${i}\n`), result(i, `'${i}'`)],
  ],
  (i) => [
    `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>${i}</b>", "text/plain": "${i}" }) })`,
    [{ ...result(i, `${i}`), data: { "text/html": `<b>${i}</b>`, "text/plain": `${i}` } }],
  ],
  (i) => [`const nothing${i} = ${i};`, []],
];

const stream = (name: string, text: string) => ({ output_type: "stream", name, text });
const result = (i: number, text: string) => ({
  output_type: "execute_result",
  execution_count: i + 1,
  data: { "text/plain": text },
  metadata: {},
});

const expected = Array.from({ length: 200 }, (_, i) => kinds[i % kinds.length]!(i));

const cellsOf = executedOnce(home, {
  good: [
    'import { join } from "node:path";\nconst parts: string[] = ["a", "b"];',
    'console.log("printed");\njoin(...parts)',
    "await new Promise<number>((resolve) => setTimeout(() => resolve(7), 20))",
  ],
  many: expected.map(([source]) => source),
  training: [
    `import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ name: "line", layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const x = tf.ones([64, 1]);
const history = await fit(model, x, x, { epochs: 30, batchSize: 8, livePlot: true });`,
  ],
});

test("nbconvert executes a good notebook and exits 0", async () => {
  const [first, second, third] = await cellsOf("good");
  assert.deepEqual(first?.outputs, []);
  assert.deepEqual(
    second?.outputs.map((output) => output.output_type),
    ["stream", "execute_result"],
  );
  assert.equal(joined(third?.outputs[0]?.data?.["text/plain"]), "7");
  assert.equal(third?.execution_count, 3);
});

test("nbconvert loses no output of 200 cells", async () => {
  const found = (await cellsOf("many")).map(({ outputs }) =>
    outputs.map(({ text, data, ...rest }) => ({
      ...rest,
      ...(text === undefined ? {} : { text: joined(text) }),
      ...(data === undefined ? {} : { data: mapValues(data) }),
    })),
  );
  assert.deepEqual(
    found,
    expected.map(([, outputs]) => outputs),
  );
});

function mapValues(data: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([type, value]) => [type, joined(value)]));
}

test("the notebook keeps the end of a training: a full bar, and a plot of all epochs as figure and picture", async () => {
  const [cell] = await cellsOf("training");
  const [bar, plot, ...others] = (cell?.outputs ?? []).filter(({ output_type }) => output_type !== "stream");
  assert.deepEqual(others, []);
  assert.match(joined(bar?.data?.["text/plain"]), /^\[={24}\] line · epoch 30\/30 · /);
  assert.equal(joined(plot?.data?.["text/plain"]), 'Figure "Training of line": training (30 values)');
  assert.match(joined(plot?.data?.["image/svg+xml"]), /^<svg/);
  const figure = plot?.data?.["application/vnd.plotly.v1+json"] as unknown as { data: { y: number[] }[] };
  assert.equal(figure.data[0]?.y.length, 30);
});

test("nbconvert exits 1 on a cell that throws and names the error", async () => {
  const { outcome } = await execute("throws", ["1 + 1", 'throw new RangeError("as expected")', "2"]);
  assert.equal(outcome.status, 1, outcome.stderr);
  assert.match(plain(outcome.stderr), /RangeError: as expected/);
});

test("nbconvert exits 1 on a cell with a type error", async () => {
  const { outcome } = await execute("mistyped", ['const n: number = "text";']);
  assert.equal(outcome.status, 1, outcome.stderr);
  assert.match(plain(outcome.stderr), /TS2322/);
});

test("nbconvert --allow-errors goes on after an error and drops nothing", async () => {
  const { cells } = await execute("allowed", ["1", 'throw new Error("no")', '"after"'], ["--allow-errors"]);
  const types = cells().map((cell) => cell.outputs.map((output) => output.output_type));
  assert.deepEqual(types, [["execute_result"], ["error"], ["execute_result"]]);
});

test("nbconvert exits 1 on a cell that ends its process", async () => {
  const { outcome } = await execute("dies", ["process.exit(0)", "1"]);
  assert.equal(outcome.status, 1, outcome.stderr);
});
