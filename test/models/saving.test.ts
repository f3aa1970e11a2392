import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
import { MinMaxScaler } from "rnnlab/preprocessing";
import { release } from "../../src/platform/file-lock.js";

const root = mkdtempSync(join(tmpdir(), "rnnlab-saving-"));
after(() => rmSync(root, { recursive: true, force: true }));

const writer = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [join(__dirname, "save-race.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
const saved = (child: ChildProcess): Promise<unknown> => once(child.stdout!, "data");
const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
};

/** Loads a model of the writer and makes sure that all of it comes from one save. */
async function requireWhole(path: string): Promise<number> {
  const { model, scaler } = await loadModel(path);
  const values = new Set(model.getWeights().flatMap((weight) => [...weight.dataSync()]));
  assert.equal(values.size, 1, `weights of ${[...values].slice(0, 3)}`);
  const [value = 0] = values;
  assert.equal(model.inputs[0]?.shape[2], 2 + (value % 2));
  const scale = scaler instanceof MinMaxScaler ? scaler.toJSON() : undefined;
  assert.deepEqual(scale, value % 3 === 0 ? undefined : new MinMaxScaler().fit([0, value]).toJSON());
  model.dispose();
  return value;
}

const fill = (value: number): tf.LayersModel => {
  const model = tf.sequential({ layers: [layers.gru({ units: 2, inputShape: [3, 2 + (value % 2)] })] });
  model.setWeights(model.getWeights().map((weight) => tf.fill(weight.shape, value)));
  return model;
};
const save = (value: number, path: string): Promise<void> =>
  saveModel(fill(value), path, value % 3 === 0 ? {} : { scaler: new MinMaxScaler().fit([0, value]) });

const STEPS = ["writeFile", "rename", "link", "mkdir", "rm", "copyFile"] as const;

/** Begins a save that stops for ever before its n-th step, as a killed one does; false if it has fewer. */
async function stopsAt(step: number, begin: () => Promise<void>): Promise<boolean> {
  const original = { ...fs };
  const stopped = new Promise<boolean>((resolve) => {
    let steps = 0;
    for (const name of STEPS) {
      const call = original[name] as (...args: unknown[]) => Promise<unknown>;
      const counted = (...args: unknown[]): Promise<unknown> => {
        if (steps++ !== step) return call(...args);
        resolve(true);
        return new Promise(() => undefined);
      };
      Object.assign(fs, { [name]: counted });
    }
  });
  const ended = begin().then(() => false);
  const result = await Promise.race([stopped, ended]);
  Object.assign(fs, original);
  return result;
}

for (const name of ["model", "model.keras"]) {
  test(`a save may be killed before each of its steps: ${name}`, async () => {
    const folder = mkdtempSync(join(root, "steps-"));
    const path = join(folder, name);
    const locks = [join(folder, `.${name}.lock`), ...(name === "model" ? [join(path, ".saving.lock")] : [])];
    let steps = 0;
    for (let value = 1; ; value++) {
      rmSync(path, { recursive: true, force: true });
      if (value > 1) await save(value - 1, path);
      if (!(await stopsAt(steps++, () => save(value, path)))) break;
      for (const lock of locks) release(lock);
      if (existsSync(path)) assert.ok([value - 1, value].includes(await requireWhole(path)));
      else assert.equal(value, 1);
      await save(value + 1, path);
      assert.equal(await requireWhole(path), value + 1);
      assert.deepEqual(readdirSync(folder), [name]);
      const files = name === "model" ? readdirSync(path).sort() : [];
      const expected = (value + 1) % 3 === 0 ? [] : ["scaler.json"];
      if (name === "model") assert.deepEqual(files, ["model.json", ...expected, "weights.bin"]);
    }
    assert.ok(steps > (name === "model" ? 10 : 2), `${steps} steps`);
  });

  test(`a reader beside two writers always finds a whole model: ${name}`, async () => {
    const path = join(root, "race", name);
    const writers = [writer(path), writer(path)];
    try {
      await Promise.race(writers.map(saved));
      const found = new Set<number>();
      for (let read = 0; read < 100 || found.size < 3; read++) found.add(await requireWhole(path));
    } finally {
      await Promise.all(writers.map(kill));
    }
  });

  test(`a killed save leaves a whole model: ${name}`, async () => {
    const path = join(root, "kills", name);
    for (let turn = 0; turn < 4; turn++) {
      const child = writer(path);
      await saved(child);
      // Somewhere within one of the saves that follow each other, another place each time.
      for (let read = 0; read < 5 * turn; read++) await requireWhole(path);
      await kill(child);
      await requireWhole(path);
    }
  });
}

test("other files in a model's folder stay when it is saved again", async () => {
  const path = join(root, "kept");
  await save(1, path);
  writeFileSync(join(path, "README.md"), "mine");
  await save(3, path);
  assert.deepEqual(readdirSync(path).sort(), ["README.md", "model.json", "weights.bin"]);
});

test("an old model.json cannot have files elsewhere removed", async () => {
  const path = join(root, "inner");
  await save(1, path);
  const index = JSON.parse(readFileSync(join(path, "model.json"), "utf8"));
  index.weightsManifest[0].paths.push("../precious", "..", ".");
  writeFileSync(join(path, "model.json"), JSON.stringify(index));
  writeFileSync(join(root, "precious"), "");
  await save(2, path);
  assert.ok(existsSync(join(root, "precious")));
  assert.equal(await requireWhole(path), 2);
});
