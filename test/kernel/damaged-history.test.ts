import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { history } from "../../tools/kernel-client/history.js";
import { KernelClient } from "../../tools/kernel-client/index.js";

/** Runs a kernel whose history is in a folder that holds what is put there. */
async function withHistory(
  prepare: (folder: string) => void,
  use: (client: KernelClient) => Promise<void>,
): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "rnnlab-odd-history-"));
  const folder = join(data, "rnnlab", "history");
  mkdirSync(join(data, "rnnlab"));
  prepare(folder);
  const client = await KernelClient.start({ env: { JUPYTER_DATA_DIR: data, RNNLAB_HISTORY: undefined } });
  try {
    await use(client);
    assert.equal((await client.execute("20 + 22")).result, "42");
  } finally {
    await client.dispose();
    rmSync(data, { recursive: true });
  }
}

const searches: object[] = [
  { hist_access_type: "tail", n: 100 },
  { hist_access_type: "search", pattern: "*kept*", n: 100 },
  { hist_access_type: "search", pattern: "*", n: 100, unique: true, output: true },
  { hist_access_type: "range", session: 1, start: 1 },
];

test("a torn line costs its own cell only", async () => {
  const prepare = (folder: string): void => {
    mkdirSync(folder);
    writeFileSync(join(folder, "7.jsonl"), '{"line":1,"input":"whole"}\n{"line":2,"inp');
  };
  await withHistory(prepare, async (client) => {
    await client.execute("1");
    assert.deepEqual(await history(client, { hist_access_type: "tail", n: 10 }), [
      [7, 1, "whole"],
      [8, 1, "1"],
    ]);
  });
});

test("lines that are no records do not spoil searches", async () => {
  const lines = [
    "",
    "{",
    "null",
    "7",
    "[]",
    '"text"',
    '{"line":"1","input":"x"}',
    '{"line":1.5,"input":"x"}',
    '{"line":2,"input":7}',
    '{"line":3,"input":null}',
    '{"line":4,"input":["x"]}',
    '{"line":5,"input":{"a":1},"output":"x"}',
    '{"line":6,"output":"without an input"}',
    '{"line":7,"input":"const kept = 1"}',
    '{"line":7,"output":7}',
    '{"line":7,"output":"1"}',
    "\u0000\ufffd",
  ];
  const prepare = (folder: string): void => {
    mkdirSync(folder);
    writeFileSync(join(folder, "1.jsonl"), lines.join("\n"));
  };
  await withHistory(prepare, async (client) => {
    for (const search of searches) {
      const [first, ...more] = await history(client, search);
      assert.deepEqual([first?.slice(0, 2), more], [[1, 7], []]);
    }
  });
});

test("folders, pipes, links, huge and unreadable files among the sessions do not spoil searches", async () => {
  const prepare = (folder: string): void => {
    mkdirSync(folder);
    writeFileSync(join(folder, "1.jsonl"), '{"line":7,"input":"const kept = 1"}\n');
    for (const name of ["2.jsonl", "not a session"]) mkdirSync(join(folder, name));
    spawnSync("mkfifo", [join(folder, "3.jsonl")]);
    symlinkSync("/dev/zero", join(folder, "4.jsonl"));
    symlinkSync("nowhere", join(folder, "5.jsonl"));
    writeFileSync(join(folder, "6.jsonl"), "");
    truncateSync(join(folder, "6.jsonl"), 2 ** 30);
    for (const name of ["0.jsonl", "-1.jsonl", "007.jsonl", `${"9".repeat(40)}.jsonl`, "1e3.jsonl"])
      writeFileSync(join(folder, name), '{"line":1,"input":"const kept = 0"}\n');
  };
  await withHistory(prepare, async (client) => {
    for (const search of searches) {
      const entries = await history(client, search);
      assert.deepEqual(
        entries.map((entry) => entry.slice(0, 2)),
        [[1, 7]],
      );
    }
    for (const session of [2, 3, 4, 5, 6, 7])
      assert.deepEqual(await history(client, { hist_access_type: "range", session }), []);
    await client.execute("const kept = 2;");
    assert.equal(
      (await history(client, { hist_access_type: "search", pattern: "const kept*", n: 9 })).length,
      2,
    );
  });
});

for (const [what, prepare] of Object.entries({
  "a file": (folder: string) => writeFileSync(folder, ""),
  "a link to itself": (folder: string) => symlinkSync(folder, folder),
  "a link to nowhere": (folder: string) => symlinkSync("/no/such/folder", folder),
})) {
  test(`a history folder that is ${what} leaves the kernel's own history`, async () => {
    await withHistory(prepare, async (client) => {
      assert.deepEqual(await history(client, { hist_access_type: "tail", n: 5 }), []);
      await client.execute("const kept = 3;");
      const entries = await history(client, { hist_access_type: "search", pattern: "*kept*", n: 5 });
      assert.deepEqual(
        entries.map((entry) => entry[2]),
        ["const kept = 3;"],
      );
    });
  });
}
