import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { unzipSync } from "fflate";
import { tf } from "rnnlab";
import { loadModel } from "rnnlab/models";
import { packageRoot } from "../../src/platform/package-root.js";
import { distance, type GoldenTensor, predict } from "./keras-files.js";

const root = mkdtempSync(join(tmpdir(), "rnnlab-converted-"));
after(() => rmSync(root, { recursive: true, force: true }));

interface Place {
  readonly attrs: Record<string, { readonly value: unknown }>;
  get(path: string): Place;
  readonly shape: number[];
  readonly value: Float32Array;
}

/** What TensorFlow.js's converter makes of a whole model in an .h5 file: its configuration, and the weights in their order. */
async function convert(
  bytes: Uint8Array,
  folder: string,
  change = (topology: string) => topology,
): Promise<void> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  FS.writeFile("model.h5", bytes);
  const file = new File("model.h5", "r");
  const group = file as unknown as Place;
  const text = (name: string) => String(group.attrs[name]?.value);
  const places = (place: Place, name: string) =>
    ([place.attrs[name]?.value ?? []].flat() as unknown[]).filter((each) => typeof each === "string");
  const weights = group.get("model_weights");
  const found = places(weights, "layer_names").flatMap((layer) => {
    const inner = weights.get(layer);
    return places(inner, "weight_names").map((name) => ({ name, data: inner.get(name) }));
  });
  const names = found.map(({ name }, i) => `${i}/${name.replace(/:0$/, "")}`);
  const topology = {
    keras_version: text("keras_version"),
    backend: "tensorflow",
    model_config: JSON.parse(change(text("model_config"))),
  };
  const manifest = {
    paths: ["group1-shard1of1.bin"],
    weights: found.map(({ data }, i) => ({ name: names[i], shape: data.shape, dtype: "float32" })),
  };
  mkdirSync(folder);
  writeFileSync(
    join(folder, "group1-shard1of1.bin"),
    Buffer.concat(found.map(({ data }) => Buffer.from(Float32Array.from(data.value).buffer))),
  );
  writeFileSync(
    join(folder, "model.json"),
    JSON.stringify({
      format: "layers-model",
      generatedBy: `keras v${topology.keras_version}`,
      convertedBy: "TensorFlow.js Converter v4.22.0",
      modelTopology: topology,
      weightsManifest: [manifest],
    }),
  );
  file.close();
}

const archive = (version: string) =>
  unzipSync(readFileSync(join(packageRoot, `test/golden/keras-versions/${version}.zip`)));

for (const version of ["2.2.4", "2.15.0", "2.18.0", "3.15.1"]) {
  test(`loadModel() reads folders that were converted from Keras ${version}, by what that version means`, async () => {
    const files = archive(version);
    const golden = JSON.parse(Buffer.from(files["predictions.json"] as Uint8Array).toString());
    for (const name of ["sequential", "functional", "nested"]) {
      const folder = join(root, `${version}-${name}`);
      await convert(files[`${name}.h5`] as Uint8Array, folder);
      const before = tf.memory().numTensors;
      const { model } = await loadModel(folder);
      const { inputs, outputs } = golden[name] as { inputs: GoldenTensor[]; outputs: GoldenTensor[] };
      const found = distance(predict(model, inputs), outputs);
      assert.ok(found < 2e-6, `${name} differs by ${found}`);
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    }
  });
}

test("loadModel() refuses a converted folder whose weights are another model's, and names what is not there", async () => {
  const files = archive("2.15.0");
  const bytes = files["sequential.h5"] as Uint8Array;
  await convert(bytes, join(root, "units"), (text) => text.replace(/"units": 3/, '"units": 2'));
  await assert.rejects(loadModel(join(root, "units")), {
    name: "RangeError",
    message:
      /^Cannot read .*units \(by Keras 2\.15\.0\): weight \d+ must be kernel of shape \[4, 8\], got .*kernel of \[4, 12\]/,
  });
  await convert(bytes, join(root, "lambda"), (text) =>
    text.replace('"class_name": "Activation"', '"class_name": "Lambda"'),
  );
  await assert.rejects(loadModel(join(root, "lambda")), {
    name: "RangeError",
    message: /\(by Keras 2\.15\.0\): Lambda \("activation.*layers must be those/,
  });
});
