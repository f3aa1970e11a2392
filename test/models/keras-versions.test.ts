import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { unzipSync, zipSync } from "fflate";
import { tf } from "rnnlab";
import { loadModel } from "rnnlab/models";
import { packageRoot } from "../../src/platform/package-root.js";
import { distance, type GoldenTensor, predict } from "./keras-files.js";

const archives = join(packageRoot, "test/golden/keras-versions");
const folder = mkdtempSync(join(tmpdir(), "rnnlab-versions-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const TOLERANCE = 2e-6;
const titles: Readonly<Record<string, string>> = {
  first: "sequential",
  sequential: "sequential",
  functional: "functional",
  nested: "models in a model",
  operations: "operations between layers",
  masked_call: "`mask=` in a call",
  training_call: "`training=True` in a call",
};

interface Golden {
  readonly inputs: GoldenTensor[];
  readonly outputs: GoldenTensor[];
}

/** What each version's files gave: `equal`, or why they were refused. */
const results = new Map<string, Map<string, string>>();
const versions = readdirSync(archives)
  .map((name) => name.replace(/\.zip$/, ""))
  .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

function unpack(version: string): { files: string[]; golden: Record<string, Golden> } {
  const content = unzipSync(readFileSync(join(archives, `${version}.zip`)));
  for (const [name, bytes] of Object.entries(content)) writeFileSync(join(folder, name), bytes);
  return {
    files: Object.keys(content).filter(
      (name) => /^\w+\.(json|h5|keras)$/.test(name) && name !== "predictions.json",
    ),
    golden: JSON.parse(readFileSync(join(folder, "predictions.json"), "utf8")) as Record<string, Golden>,
  };
}

for (const version of versions) {
  test(`loadModel() reads what Keras ${version} wrote and predicts the same, or refuses it by name`, async () => {
    const { files, golden } = unpack(version);
    const found = new Map<string, string>();
    for (const file of files) {
      const { inputs, outputs } = golden[file.split(".")[0] as string] as Golden;
      const [name, format] = file.split(".") as [string, string];
      const options = format === "json" ? { weights: join(folder, `${name}.weights.h5`) } : {};
      const key = `${titles[name]}|${format === "json" ? "`to_json()` and weights" : `\`.${format}\``}`;
      let model: tf.LayersModel;
      try {
        ({ model } = await loadModel(join(folder, file), options));
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
        found.set(key, "refused");
        continue;
      }
      const difference = distance(predict(model, inputs), outputs);
      assert.ok(difference < TOLERANCE, `${file} differs by ${difference}`);
      found.set(key, "equal");
    }
    results.set(version, found);
  });
}

test("docs/keras-files.md has the table of versions, formats and results", () => {
  const page = readFileSync(join(packageRoot, "docs/keras-files.md"), "utf8");
  const columns = [...new Set([...results.values()].flatMap((found) => [...found.keys()]))];
  const models = [...new Set(columns.map((key) => key.split("|")[0] as string))];
  const cell = (version: string, model: string) => {
    const found = [...(results.get(version) ?? [])].filter(([key]) => key.startsWith(`${model}|`));
    const formats = (result: string) =>
      found.filter(([, each]) => each === result).map(([key]) => key.split("|")[1] as string);
    const parts = ["equal", "refused"].flatMap((result) =>
      formats(result).length > 0 ? [`${result}: ${formats(result).sort().join(", ")}`] : [],
    );
    return parts.join("; ") || "–";
  };
  const rows = versions.map((version) => [version, ...models.map((model) => cell(version, model))]);
  const table = [["Keras", ...models], models.map(() => "---").concat("---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
  assert.ok(page.includes(table), `The page must have this table:\n${table}`);
});

test("loadModel() says which Keras 1 wrote a file, and what would help", async () => {
  unpack("1.2.2");
  await assert.rejects(
    loadModel(join(folder, "first.h5")),
    /must be from Keras 2 or 3, got Keras 1\.2\.2; load it with Keras 2\.0 to 2\.3 in Python and save it again/,
  );
});

test("loadModel() reads groups whose names Windows has joined by backslashes", async () => {
  for (const version of ["2.13.1", "2.15.0", "3.15.1"]) {
    const { golden } = unpack(version);
    for (const name of ["sequential", "functional", "nested"]) {
      const files = unzipSync(readFileSync(join(folder, `${name}.keras`)));
      const path = join(folder, `windows-${name}.keras`);
      const weights = await withBackslashes(files["model.weights.h5"] as Uint8Array);
      writeFileSync(path, zipSync({ ...files, "model.weights.h5": weights }));
      const { inputs, outputs } = golden[name] as Golden;
      const { model } = await loadModel(path);
      const difference = distance(predict(model, inputs), outputs);
      assert.ok(difference < TOLERANCE, `${version} ${name} differs by ${difference}`);
    }
  }
});

test("loadModel() asks for the weights of a model that is written as JSON", async () => {
  unpack("2.15.0");
  await assert.rejects(
    loadModel(join(folder, "functional.json")),
    /must have weights, got JSON alone; name their file, too: loadModel\(path, \{ weights: "x\.weights\.h5" \}\)/,
  );
  await assert.rejects(
    loadModel(join(folder, "functional.h5"), { weights: join(folder, "functional.weights.h5") }),
    /must be the JSON of model\.to_json\(\)/,
  );
});

test("a mask that a nested model has made stays with the output that it belongs to, in evaluate(), too", async () => {
  unpack("2.15.0");
  const { model } = await loadModel(join(folder, "nested.keras"));
  const golden = (
    JSON.parse(readFileSync(join(folder, "predictions.json"), "utf8")) as Record<string, Golden>
  ).nested as Golden;
  const [expected] = golden.outputs;
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  const before = tf.memory().numTensors;
  const inputs = golden.inputs.map(({ values, shape }) => tf.tensor(values, shape));
  const target = tf.tensor(expected?.values ?? [], expected?.shape);
  const loss = model.evaluate(inputs, target) as tf.Scalar;
  assert.ok((loss.dataSync()[0] ?? 1) < 1e-10);
  tf.dispose([loss, target, ...inputs]);
  assert.equal(tf.memory().numTensors, before);
});

/** The same file with the names of layers as Keras on Windows joins them: `layers\lstm\cell/vars/0`. */
async function withBackslashes(bytes: Uint8Array): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  FS.writeFile("in.h5", bytes);
  const [source, made] = [new File("in.h5", "r"), new File("out.h5", "w")];
  const copy = (path: string) => {
    const found = source.get(path) as unknown as { keys?(): string[]; shape: number[]; value: Float32Array };
    if (found.keys) {
      for (const name of found.keys()) copy(path === "" ? name : `${path}/${name}`);
      return;
    }
    // The optimiser's numbers are not read.
    if (path.startsWith("optimizer")) return;
    const parts = path.split("/");
    const vars = parts.lastIndexOf("vars");
    const group = parts.slice(0, vars).join("\\");
    if (made.get(group) === null) made.create_group(group).create_group("vars");
    const target = made.get(`${group}/vars`) as ReturnType<typeof made.create_group>;
    target.create_dataset({ name: parts.at(-1) as string, data: found.value, shape: found.shape });
  };
  for (const name of source.keys()) copy(name);
  source.close();
  made.flush();
  made.close();
  const result = FS.readFile("out.h5");
  for (const name of ["in.h5", "out.h5"]) FS.unlink(name);
  return result;
}
