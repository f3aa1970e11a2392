import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { unzipSync, zipSync } from "fflate";
import { tf } from "rnnlab";
import { layers } from "rnnlab/layers";
import { loadModel, loadWeights } from "rnnlab/models";
import { kerasFile } from "./keras-files.js";

const root = mkdtempSync(join(tmpdir(), "rnnlab-hostile-"));
const folder = join(root, "in", "here");
after(() => rmSync(root, { recursive: true, force: true }));

interface Written {
  class_name: string;
  module?: string;
  registered_name?: string | null;
  name?: string;
  config: Record<string, unknown> & { layers?: Written[] };
  inbound_nodes: { args: unknown[]; kwargs: Record<string, unknown> }[];
}

type Files = Record<string, Uint8Array>;

/** A file that Keras wrote, with something changed. */
function changed(name: string, change: (files: Files) => Files | undefined): string {
  const files = unzipSync(readFileSync(kerasFile(`${name}.keras`)));
  const path = join(root, `${name}.keras`);
  writeFileSync(path, zipSync(change(files) ?? files, { level: 1 }));
  return path;
}

/** The same with a change of its configuration. */
const reconfigured = (name: string, change: (model: Written, layers: Written[]) => void) =>
  changed(name, (files) => {
    const model = JSON.parse(Buffer.from(files["config.json"]!).toString()) as Written;
    change(model, model.config.layers ?? []);
    return { ...files, "config.json": Buffer.from(JSON.stringify(model)) };
  });

const cut = (name: string, share: number) => {
  const bytes = readFileSync(kerasFile(name));
  const path = join(root, name);
  writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)));
  return path;
};
const written = (name: string, content: string | Uint8Array) => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};
const lambda = { module: "keras.layers", registered_name: null, inbound_nodes: [] };
const WRAPPER = '{"class_name":"TimeDistributed","config":{"layer":';
const nested = (depth: number) =>
  `{"class_name":"Sequential","config":{"layers":[${WRAPPER.repeat(depth)}{}${"}}".repeat(depth)}]}}`;

const cases: Record<string, [make: () => string, message: RegExp]> = {
  "another file": [
    () => written("a.keras", "GIF89a"),
    /must be a folder, a \.keras or an \.h5 file, got 6 bytes of another/,
  ],
  "an empty file": [() => written("a.keras", ""), /got 0 bytes of another kind/],
  "a truncated archive": [() => cut("electricity.keras", 0.9), /must be a zip archive, got \d+ bytes/],
  "a truncated .h5": [() => cut("reviews.h5", 0.5), /HDF5 must be able to read it, got a damaged file/],
  "an .h5 of weights alone": [
    () => kerasFile("electricity.weights.h5"),
    /got weights alone; use loadWeights\(\)/,
  ],
  "an archive of something else": [
    () => changed("gru", () => ({ "a.txt": Buffer.from("a") })),
    /must have config\.json, got a\.txt/,
  ],
  "an archive without weights": [
    () => changed("gru", ({ "config.json": config }) => ({ "config.json": config! })),
    /the archive must contain model\.weights\.h5/,
  ],
  "a configuration that is no JSON": [
    () => changed("gru", (files) => ({ ...files, "config.json": Buffer.from("import os") })),
    /config\.json: it must be JSON, got other text/,
  ],
  "a configuration that unpacks to 17 MB": [
    () => changed("gru", (files) => ({ ...files, "config.json": Buffer.alloc(17 * 2 ** 20, " ") })),
    /config\.json must have at most 16777216 bytes, got 17825792/,
  ],
  "weights that unpack to a thousand times the file": [
    () => changed("gru", (files) => ({ ...files, "model.weights.h5": new Uint8Array(65 * 2 ** 20) })),
    /model\.weights\.h5 must have at most 67108864 bytes, got 68157440/,
  ],
  "weights that are no HDF5": [
    () => changed("gru", (files) => ({ ...files, "model.weights.h5": Buffer.from("weights") })),
    /the file must be HDF5, got 7 bytes/,
  ],
  "truncated weights": [
    () =>
      changed("gru", (files) => ({
        ...files,
        "model.weights.h5": files["model.weights.h5"]!.subarray(0, 9000),
      })),
    /HDF5 must be able to read it, got a damaged file/,
  ],
  "damaged weights": [
    () =>
      changed("gru", (files) => ({
        ...files,
        "model.weights.h5": files["model.weights.h5"]!.map((byte, i) =>
          i > 200 && i < 3000 ? byte ^ 0x55 : byte,
        ),
      })),
    /HDF5 must be able to read .*, got a damaged file/,
  ],
  "the weights of another model": [
    () =>
      changed("gru", (files) => ({
        ...files,
        "model.weights.h5": readFileSync(kerasFile("electricity.weights.h5")),
      })),
    /weights must be those of sequential, got layers\/(dropout|lstm) besides|layers\/gru.* must be weights, got nothing/,
  ],
  "a model of other sizes than its weights": [
    () => reconfigured("gru", (_, [, gru]) => (gru!.config.units = 4)),
    /gru\/cell\/vars\/0 must have shape \[2, 12\], got \[2, 9\]/,
  ],
  "a model of a thousand billion weights": [
    () => reconfigured("gru", (_, [, gru]) => (gru!.config.units = 1e6)),
    /as many weights as the file has room for, got \d+ or more/,
  ],
  "a Lambda": [
    () =>
      reconfigured("gru", (_, all) =>
        all.push({ ...lambda, class_name: "Lambda", config: { name: "steal" } }),
      ),
    /Lambda \("steal"\): layers must be those that docs\/keras-layers\.md lists, got Lambda; write the function with layers/,
  ],
  "a class of someone's package": [
    () =>
      reconfigured("gru", (_, [, gru]) =>
        Object.assign(gru!, { module: "evil", registered_name: "evil>Gru" }),
      ),
    /layers must be Keras's own, got the custom class evil>Gru/,
  ],
  "a layer with the name of an object's method": [
    () => reconfigured("gru", (_, [, gru]) => (gru!.class_name = "toString")),
    /toString.*: layers must be those that .* lists, got toString/,
  ],
  "a function as activation": [
    () =>
      reconfigured(
        "gru",
        (_, [, gru]) => (gru!.config.activation = { class_name: "function", config: "my_tanh" }),
      ),
    /GRU \("gru"\): activation must be celu, elu, .*, got my_tanh/,
  ],
  "an option that TensorFlow.js does not have": [
    () => reconfigured("gru", (_, [, gru]) => (gru!.config.time_major = true)),
    /GRU \("gru"\): time_major must be missing, None or False, got true; change this in Python/,
  ],
  "a model that was never built": [
    () =>
      reconfigured("gru", (model, all) => {
        all.shift();
        delete model.config.build_input_shape;
      }),
    /a model must have an input shape, got one that was never built/,
  ],
  "an input of impossible shape": [
    () => reconfigured("gru", (_, [input]) => (input!.config.batch_shape = [null, -4, 2])),
    /inputs must have a shape of positive integers/,
  ],
  "layers that do not fit each other": [
    () =>
      reconfigured("gru", (_, all) =>
        all.splice(1, 0, { ...lambda, class_name: "Flatten", config: { name: "flat" } }),
      ),
    /GRU \("gru"\): it must fit the layer before it, got what does not/,
  ],
  "layers within layers without end": [
    () => changed("gru", (files) => ({ ...files, "config.json": Buffer.from(nested(50_000)) })),
    /layers must be nested at most 20 deep, got more/,
  ],
  "a graph that runs in a circle": [
    () =>
      reconfigured("reviews", (_, all) => {
        const [embedding, dense] = [
          all.find(({ name }) => name === "embedding"),
          all.find(({ name }) => name === "dense"),
        ];
        embedding!.inbound_nodes[0]!.args = [
          { class_name: "__keras_tensor__", config: { keras_history: [dense!.name, 0, 0] } },
        ];
      }),
    /layers must follow each other from the inputs, got/,
  ],
  "a way back that reads ahead": [
    () =>
      reconfigured("directions", (_, all) => {
        const { backward_layer: back } = all.find(({ name }) => name === "bidirectional")!.config;
        (back as { config: Record<string, unknown> }).config.go_backwards = false;
      }),
    /Bidirectional \("bidirectional"\): it must have arguments .*goBackwards of backwardLayer must be true, got false/,
  ],
  "two layers of one name": [
    () => reconfigured("reviews", (_, all) => all.push(all[1]!)),
    /layers must have names of their own, got embedding twice/,
  ],
  "such a softmax inside a model that a mask goes into": [
    () =>
      reconfigured("masked", (model, all) => {
        const layers = [{ ...lambda, class_name: "Softmax", config: { name: "shares", axis: -1 } }];
        const inner = {
          ...lambda,
          module: "keras",
          class_name: "Sequential",
          config: { name: "inner", layers, build_input_shape: [null, 5, 2] },
        };
        Object.assign(model, { class_name: "Sequential", registered_name: null });
        model.config.layers = [
          ...all.filter(({ class_name }) => ["InputLayer", "Masking"].includes(class_name)),
          inner,
        ];
      }),
    /Softmax \(".*"\): it must not follow a mask, .*got one that does/,
  ],
  "a softmax after a mask of steps, which Keras takes for one of features": [
    () =>
      reconfigured("masked", (model, all) => {
        const pool = {
          ...lambda,
          class_name: "Softmax",
          config: { name: "shares", axis: -1 },
        };
        Object.assign(model, { class_name: "Sequential", registered_name: null });
        model.config.layers = [
          ...all.filter(({ class_name }) => ["InputLayer", "Masking"].includes(class_name)),
          pool,
        ];
      }),
    /Softmax \(".*"\): it must not follow a mask, .*got one that does/,
  ],
};

for (const [name, [make, message]] of Object.entries(cases)) {
  test(`loadModel() refuses ${name}`, async () => {
    const path = make();
    const before = tf.memory().numTensors;
    await assert.rejects(loadModel(path), (error: Error) => {
      assert.equal(error.name, "RangeError");
      assert.ok(error.message.startsWith(`Cannot read ${path}`), error.message);
      assert.match(error.message, message);
      assert.ok(error.message.length < 1500, "the message stays readable");
      return true;
    });
    assert.equal(tf.memory().numTensors, before);
  });
}

test("names in an archive that lead out of it lead nowhere", async () => {
  const path = changed("gru", (files) => ({
    ...files,
    "../../escaped.txt": Buffer.from("!"),
    "/tmp/escaped": Buffer.from("!"),
  }));
  const { model } = await loadModel(path);
  assert.equal(model.layers.length > 0, true);
  assert.equal(readdirSync(root).includes("escaped.txt"), false);
  const named = reconfigured("gru", (_, [, gru]) => (gru!.config.name = "../../escaped"));
  await assert.rejects(loadModel(named), {
    name: "RangeError",
    message: /^Cannot read .*: .*it must fit the layer before it/,
  });
});

test("loadModel() says that there is nothing", async () => {
  const path = join(folder, "none.keras");
  await assert.rejects(loadModel(path), {
    name: "Error",
    message: new RegExp(`^Cannot load model: ${path} must be a file or folder that can be read, got ENOENT`),
  });
});

test("loadWeights() refuses groups that hold each other again and again", async () => {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const file = new File("circle.h5", "w");
  const circle = file.create_group("layers").create_group("circle");
  for (let i = 0; i < 40; i++) circle.create_hard_link("/layers/circle", `again${i}`);
  file.flush();
  file.close();
  const path = join(root, "circle.weights.h5");
  writeFileSync(path, FS.readFile("circle.h5"));
  const model = tf.sequential({ layers: [layers.dropout({ rate: 0.2, inputShape: [2] })] });
  await assert.rejects(loadWeights(model, path), {
    name: "RangeError",
    message: /^Cannot read .*circle.weights.h5: layers\/circle must hold at most 10000 groups, got more/,
  });
});

test("loadWeights() leaves a model as it was when the weights are not its own", async () => {
  const model = tf.sequential({
    layers: [
      layers.lstm({ units: 4, returnSequences: true, inputShape: [5, 1] }),
      layers.dropout({ rate: 0.2 }),
      layers.lstm({ units: 3 }),
      layers.dense({ units: 2 }),
    ],
  });
  const before = model.getWeights().map((weight) => weight.dataSync());
  const refusals: [string, RegExp][] = [
    [kerasFile("electricity.weights.h5"), /layers\/dense\/vars\/0 must have shape \[3, 2\], got \[3, 1\]/],
    [kerasFile("reviews.h5"), /LSTM \("lstm_\d+"\): it must have 3 weights, got 0/],
    [cut("electricity.weights.h5", 0.7), /HDF5 must be able to read it, got a damaged file/],
    [root, /weights must be in an HDF5 file, got a folder/],
  ];
  for (const [path, message] of refusals)
    await assert.rejects(loadWeights(model, path), { name: "RangeError", message });
  assert.deepEqual(
    model.getWeights().map((weight) => weight.dataSync()),
    before,
  );
});
