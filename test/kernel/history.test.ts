import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { KernelClient, useKernel } from "./client";

const home = mkdtempSync(join(tmpdir(), "rnnlab-history-"));
after(() => rmSync(home, { recursive: true, force: true }));
/** Where user data goes on Linux and macOS. */
const env = { HOME: home, XDG_DATA_HOME: join(home, "data"), JUPYTER_DATA_DIR: join(home, "jupyter") };

const kernel = useKernel({ env });

type Entry = [number, number, string | [string, string | null]];

async function history(fields: object, client: KernelClient = kernel()): Promise<Entry[]> {
  const reply = await client.request("shell", "history_request", { output: false, raw: true, ...fields });
  return reply.content.history as Entry[];
}

test("tail gives the last inputs, oldest first", async () => {
  for (const code of ["const h1 = 1;", "const h2 = 2;", "h1 + h2"]) await kernel().execute(code);
  const entries = await history({ hist_access_type: "tail", n: 2 });
  assert.deepEqual(
    entries.map((entry) => entry[2]),
    ["const h2 = 2;", "h1 + h2"],
  );
});

test("tail with output gives input and output", async () => {
  await kernel().execute("40 + 2");
  const [entry] = await history({ hist_access_type: "tail", n: 1, output: true });
  assert.deepEqual(entry?.[2], ["40 + 2", "42"]);
});

test("range gives the lines of the current session", async () => {
  const cell = await kernel().execute("const ranged = 1;");
  const line = Number(cell.reply.content.execution_count);
  const entries = await history({ hist_access_type: "range", session: 0, start: line, stop: line + 1 });
  assert.deepEqual(
    entries.map((entry) => entry.slice(1)),
    [[line, "const ranged = 1;"]],
  );
});

test("search finds by glob, newest last, and unique ones once", async () => {
  for (const code of ["const found1 = 1;", "const found2 = 2;", "const found1 = 1;"])
    await kernel().execute(code);
  const all = await history({ hist_access_type: "search", pattern: "const found*", n: 10 });
  assert.equal(all.length, 3);
  const unique = await history({ hist_access_type: "search", pattern: "const found*", n: 10, unique: true });
  assert.equal(unique.length, 2);
  const single = await history({ hist_access_type: "search", pattern: "const found?*2;", n: 10 });
  assert.deepEqual(
    single.map((entry) => entry[2]),
    ["const found2 = 2;"],
  );
});

test("cells without store_history are not in the history", async () => {
  await kernel().execute("'unstored'", { store_history: false });
  await kernel().execute("'silent one'", { silent: true });
  const entries = await history({ hist_access_type: "tail", n: 5 });
  assert.ok(!JSON.stringify(entries).includes("unstored"));
  assert.ok(!JSON.stringify(entries).includes("silent one"));
});

test("history outlives the kernel", async () => {
  const first = await KernelClient.start({ env });
  try {
    await first.execute("const written = 'before the restart';");
    await first.shutdown(true);
  } finally {
    await first.dispose();
  }
  const second = await KernelClient.start({ env });
  try {
    const found = await history(
      { hist_access_type: "search", pattern: "*before the restart*", n: 5 },
      second,
    );
    assert.equal(found.length, 1);
  } finally {
    await second.dispose();
  }
});
