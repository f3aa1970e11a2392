import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KernelClient, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Runs a cell of a notebook; returns what it was told, and how the kernel counts it. */
async function run(id: string, code: string, client = kernel()): Promise<{ told: string; label: string }> {
  const cell = await client.execute(code, { metadata: { cellId: id } });
  const { execution_count: count } = cell.reply.content;
  return { told: cell.stderr.trimEnd(), label: `In[${count}]` };
}

const told = async (id: string, code: string): Promise<string> => (await run(id, code)).told;

test("a name is marked whose cell has run with another text since, until it is declared anew", async () => {
  const first = await run("settings", "const epochs = 3;\nconst rate = 1;");
  assert.equal(await told("use", "epochs + rate"), "");
  await told("settings", "const rate = 2;");
  const use = await run("use", "epochs + rate");
  assert.equal(use.told, `Cell ${use.label} uses epochs from ${first.label}, which has changed since`);
  await told("settings", "const rate = 2; const epochs = 4;");
  assert.equal(await told("use", "epochs + rate"), "");
});

test("what was made with such a name is marked, however many cells lie between, until it is made anew", async () => {
  const first = await run("a", "const data = [1, 2, 3];");
  await told("b", "const scaled = data.map((x) => x / 3);");
  const made = await run("c", "const mean = scaled.reduce((sum, x) => sum + x) / 3;");
  assert.equal(await told("d", "mean"), "");
  await told("a", "const data = [4, 5, 6];");
  const use = await run("d", "mean");
  assert.equal(
    use.told,
    `Cell ${use.label} uses mean from ${made.label}, made with data of ${first.label}, which has changed since`,
  );
  await told("b", "const scaled = data.map((x) => x / 3);");
  await told("c", "const mean = scaled.reduce((sum, x) => sum + x) / 3;");
  assert.equal(await told("d", "mean"), "");
});

test("a cell of which types have refused the new text has changed, too", async () => {
  const first = await run("size", "const size = 5;");
  await told("size", 'const size: number = "5";');
  const use = await run("use of size", "size");
  assert.equal(use.told, `Cell ${use.label} uses size from ${first.label}, which has changed since`);
});

test("a cell that takes a name from another cell than before says so", async () => {
  const before = await run("first model", 'const model = "GRU";');
  const shown = await run("show", "model");
  assert.equal(shown.told, "");
  const after = await run("second model", 'const model = "LSTM";');
  const again = await run("show", "model");
  assert.equal(
    again.told,
    `Cell ${again.label} uses model from ${after.label}; as ${shown.label} it used that of ${before.label}`,
  );
  // Another text may well mean the other one.
  await told("first model", 'const model = "GRU";');
  assert.equal(await told("show", "model + 1"), "");
});

test("names that a cell does not use while it runs are no reason", async () => {
  await told("source", "const units = 8; const layer = 2;");
  await told("source", "const layer = 2;");
  for (const code of [
    "({ units: 1 }).units",
    "const f = () => units;",
    "{ const units = 2; layer; }",
    "[1, 2].map((units) => units + layer)",
    "const { units: width } = { units: 3 };",
    "units: for (;;) break units;",
    "class Row { units = 1 }",
    'type Units = { units: number }; "units";',
  ]) {
    assert.equal(await told(`uses ${code}`, code), "", code);
  }
  assert.match(await told("short", "({ units })"), /uses units from/);
  assert.match(
    await told("copied", "const { layer: depth = units } = { layer: undefined };"),
    /uses units from/,
  );
});

test("a text that is only formatted or commented is the same, and nothing is marked without ids of cells", async () => {
  await told("format", "const a1 = { x: 'one', y: [1, 2] }\nconst b1 = (a1.x)");
  await told("made", "const c1 = a1.y.length;");
  await told(
    "format",
    '// Formatted.\nconst a1 = {\n  x: "one", /* y */ y: [1, 2,],\n};\nconst b1 = (a1.x);',
  );
  assert.equal(await told("use of both", "c1 + b1"), "");
  await told("format", "const a1 = { x: 'two', y: [1, 2] }\nconst b1 = (a1.x)");
  assert.match(await told("use of both", "c1 + b1"), /uses c1 from In\[\d+\], made with a1 of/);

  await kernel().execute("const loose = 1;");
  await kernel().execute("const other = loose;");
  await kernel().execute("const loose = 2;");
  assert.equal((await kernel().execute("other")).stderr, "");
});

test("a session that has ended leaves nothing to be marked, and RNNLAB_STALE_NAMES=off marks nothing", async () => {
  await told("before", "const early = 1; const late = 2;");
  await told("before", "const late = 2;");
  await kernel().execute("%reset");
  await told("after", "const early = 2;");
  assert.equal(await told("use of early", "early"), "");

  const silent = await KernelClient.start({ env: { RNNLAB_STALE_NAMES: "off" } });
  try {
    await run("x", "const epochs = 3;", silent);
    await run("x", "const rounds = 3;", silent);
    assert.equal((await run("y", "epochs", silent)).told, "");
  } finally {
    await silent.dispose();
  }
});

const folder = notebookFolder("rnnlab-stale-names-");

/** A cell as a front end saves it. */
const saved = (id: string, count: number | null, source: string | readonly string[]) => ({
  id,
  cell_type: "code",
  metadata: {},
  source,
  outputs: [],
  execution_count: count,
});

test("a cell is marked that was edited and saved, and did not run again: by the text in the notebook's file", async () => {
  const path = join(folder.path, "trained.ipynb");
  const save = (cells: readonly unknown[], more: object = {}): void =>
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells, ...more }));
  const source = "const epochs = 3;\nconst rate = 1;";
  const old = saved("a", 1, "const epochs = 0;");
  const edited = saved("a", 1, ["const epochs = 4;\n", "const rate = 1;"]);
  save([old]);
  const client = await KernelClient.start({ env: { JPY_SESSION_NAME: path } });
  const use = (code = "epochs"): Promise<{ told: string; label: string }> => run("use", code, client);
  const isSilent = async (why: string): Promise<void> => assert.equal((await use()).told, "", why);
  const isTold = async (line: string, code?: string): Promise<void> => {
    const { told: lines, label } = await use(code);
    assert.equal(
      lines,
      `Cell ${label} uses ${line}, which has been edited and saved since, but not run again`,
    );
  };
  try {
    await run("a", source, client);
    await isSilent("the file was saved by an earlier kernel, before the cell ran");
    save([saved("a", 1, source)]);
    await isSilent("the text that ran");
    save([edited]);
    await isTold("epochs from In[1]");
    await isTold("epochs from In[1]");
    await run("b", "%time const rounds = epochs * 2;", client);
    save([edited, saved("b", 6, "%time const rounds = epochs * 2;")]);
    await isTold("rounds from In[6], made with epochs of In[1]", "rounds");
    await isTold("epochs from In[1]", "throw new Error(String(epochs))");

    for (const [why, cells] of Object.entries({
      "only its format": [saved("a", 1, "// Three.\nconst epochs = 3\nconst rate = 1")],
      "another run": [saved("a", 2, "const epochs = 4;")],
      "without its run": [saved("a", null, "const epochs = 4;")],
      "the id of two cells": [edited, edited],
      "no code any more": [{ ...edited, cell_type: "markdown" }],
      "other fields": [{ ...edited, source: 4 }, null, 1],
      "without ids": [{ ...edited, id: undefined }],
    })) {
      save(cells);
      await isSilent(why);
    }
    save([edited], { nbformat: 5 });
    await isSilent("another format");
    save([edited], { nbformat_minor: 6 });
    await isTold("epochs from In[1]");
    writeFileSync(path, '{ "nbformat": 4, "cells": [');
    await isSilent("half of it is written");
    save([edited]);
    await isTold("epochs from In[1]");

    const again = await run("a", "const epochs = 4;\nconst rate = 1;", client);
    await isSilent("it has run again");
    save([saved("a", Number(/\d+/.exec(again.label)?.[0]), "const epochs = 5;")]);
    await isTold(`epochs from ${again.label}`);
    renameSync(path, join(folder.path, "renamed.ipynb"));
    await isSilent("it has another name");
    save([saved("a", Number(/\d+/.exec(again.label)?.[0]), "const epochs = 6;")]);
    await isSilent("another file has its name");
  } finally {
    await client.dispose();
  }
});
