import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Execution, useKernel } from "../../tools/kernel-client/index.js";
import { isAlive } from "../../tools/kernel-client/process-tree.js";
import { until } from "../../tools/kernel-client/until.js";
import { kerasFile } from "../models/keras-files.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-interrupted-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel();

async function interrupted(code: string, begun: Promise<unknown>): Promise<Execution> {
  const id = await kernel().submit(code);
  await begun;
  await kernel().request("control", "interrupt_request");
  return kernel().finish(id);
}

test("an interrupted download ends at once, and the next one is not kept waiting", async () => {
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    response.write("DATE,VALUE\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const cache = join(folder, "cache");
    const load = (at: string): string =>
      `import { loadElectricity } from "rnnlab/datasets";
await loadElectricity({ source: "real", dataDirectory: ${JSON.stringify(folder)}, cacheDirectory: ${JSON.stringify(cache)}, address: ${JSON.stringify(at)} });`;
    const cell = await interrupted(load(address), once(server, "request"));
    assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
    const [response] = responses;
    assert.ok(response);
    if (!response.destroyed) await once(response, "close");
    assert.equal(existsSync(join(cache, "Electric_Production.csv.lock")), false);
    const next = await kernel().execute(load("http://127.0.0.1:9/"));
    assert.match(String(next.reply.content.evalue), /Cannot load electricity: .*cannot download http/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("an interrupt ends the children of its cell, and not those of others or detached ones", async () => {
  await kernel().execute(`import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
const theirs = spawn("sleep", ["600"]);
const children: number[] = [];`);
  const id =
    await kernel().submit(`const detached = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
const running = promisify(execFile)("sleep", ["600"]);
const loud = spawn("yes");
children.push(running.child.pid!, loud.pid!);
console.log("begun");
for await (const _ of loud.stdout) {}`);
  await kernel().streamed(id, "begun");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).reply.content.ename, "KeyboardInterrupt");
  const pids = await kernel().execute("[...children, theirs.pid, detached.pid].join()");
  const [own1, own2, theirs, detached] = String(pids.result).replaceAll("'", "").split(",").map(Number);
  await until(
    () => !isAlive(own1!) && !isAlive(own2!),
    10_000,
    () => "the cell's children still live",
  );
  assert.ok(isAlive(theirs!) && isAlive(detached!));
  process.kill(detached!, "SIGKILL");
});

test("an interrupted save leaves the old model, and the next save goes through", async () => {
  const path = join(folder, "model");
  await kernel().execute(`
import fs from "node:fs/promises";
import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
const dense = (value: number) => {
  const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
  model.setWeights([tf.fill([1, 1], value), tf.zeros([1])]);
  return model;
};
const path = ${JSON.stringify(path)};
await saveModel(dense(1), path);
const writeFile = fs.writeFile;`);
  const cell = await kernel().submit(`
Object.assign(fs, { writeFile: () => { console.log("writing"); return new Promise(() => {}); } });
await saveModel(dense(2), path);`);
  await kernel().streamed(cell, "writing");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(cell)).reply.content.ename, "KeyboardInterrupt");
  const value = "(await loadModel(path)).model.getWeights()[0]!.dataSync()[0]";
  assert.equal((await kernel().execute(value)).result, "1");
  const next = await kernel().execute(
    `Object.assign(fs, { writeFile }); await saveModel(dense(3), path); ${value}`,
  );
  assert.equal(next.result, "3", next.traceback);
  assert.deepEqual(readdirSync(path).sort(), ["model.json", "weights.bin"]);
});

test("an interrupt ends a load that the HDF5 library is busy with, and its thread; the file is free", async () => {
  const path = join(folder, "busy.weights.h5");
  await writeCircle(path);
  await kernel().execute(`
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { loadWeights } from "rnnlab/models";
const file = ${JSON.stringify(path)};
const dropout = tf.sequential({ layers: [layers.dropout({ rate: 0.2, inputShape: [2] })] });
const load = async () => (await loadModel(file)).model.countParams();
copyFileSync(${JSON.stringify(kerasFile("reviews.h5"))}, file);
const parameters = await load();`);
  await writeCircle(path);
  await kernel().execute(`const threads = () => readdirSync("/proc/self/task").length;
const before = process.platform === "linux" ? threads() : 0;`);
  const cell = await kernel().submit('console.log("loading"); await loadWeights(dropout, file);');
  await kernel().streamed(cell, "loading");
  await kernel().request("control", "interrupt_request");
  const { reply } = await kernel().finish(cell);
  assert.equal(reply.content.ename, "KeyboardInterrupt", String(reply.content.evalue));
  const ended = await kernel().execute(
    "while (before > 0 && threads() > before) await new Promise((done) => setTimeout(done, 20));",
  );
  assert.equal(ended.status, "ok", ended.traceback);
  const next = await kernel().execute(
    `copyFileSync(${JSON.stringify(kerasFile("reviews.h5"))}, file); (await load()) === parameters`,
  );
  assert.equal(next.result, "true", next.traceback);
  assert.equal((await kernel().execute("rmSync(file)")).status, "ok");
});

/** Writes groups that hold each other: the library walks through them until its time is over. */
async function writeCircle(path: string): Promise<void> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const file = new File("circle.h5", "w");
  file.create_group("layers").create_group("circle").create_hard_link("/layers/circle", "again");
  file.flush();
  file.close();
  writeFileSync(path, FS.readFile("circle.h5"));
}
