import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { history as historyOf } from "../../tools/kernel-client/history.js";
import { KernelClient, until, useKernel } from "../../tools/kernel-client/index.js";

const home = mkdtempSync(join(tmpdir(), "rnnlab-history-"));
after(() => rmSync(home, { recursive: true, force: true }));
/** Where user data goes on Linux and macOS. */
const env = {
  HOME: home,
  XDG_DATA_HOME: join(home, "data"),
  JUPYTER_DATA_DIR: join(home, "jupyter"),
  // With a cache of its own each kernel would have to begin without the compiler's snapshot.
  XDG_CACHE_HOME: dirname(cacheDirectory()),
  RNNLAB_HISTORY: undefined,
};

const kernel = useKernel({ env });

const history = (fields: object, client: KernelClient = kernel()) => historyOf(client, fields);

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

test("range counts sessions back from the current one and lines back from the end", async () => {
  const client = await KernelClient.start({ env });
  try {
    for (const code of ["'one'", "'two'", "'three'"]) await client.execute(code);
    const own = await history({ hist_access_type: "range", session: 0, start: -2, stop: null }, client);
    assert.deepEqual(
      own.map((entry) => entry.slice(1)),
      [
        [2, "'two'"],
        [3, "'three'"],
      ],
    );
    const current = own[0]![0];
    const previous = await history({ hist_access_type: "range", session: -1, start: 1, stop: 2 }, client);
    assert.deepEqual(
      previous.map((entry) => entry.slice(0, 2)),
      [[current - 1, 1]],
    );
    const absolute = await history(
      { hist_access_type: "range", session: current, start: 1, stop: 3 },
      client,
    );
    assert.deepEqual(
      absolute.map((entry) => entry[2]),
      ["'one'", "'two'"],
    );
    assert.deepEqual(await history({ hist_access_type: "range", session: -1000, start: 1 }, client), []);
  } finally {
    await client.dispose();
  }
});

test("search takes sets and their complements in a pattern, and a hopeless pattern does not hang it", async () => {
  for (const code of ["'set a1'", "'set b1'", `'${"a".repeat(2000)}'`]) await kernel().execute(code);
  const matching = async (pattern: string) =>
    (await history({ hist_access_type: "search", pattern })).map((entry) => entry[2]);
  assert.deepEqual(await matching("'set [a-z]1'"), ["'set a1'", "'set b1'"]);
  assert.deepEqual(await matching("'set [^a]1'"), ["'set b1'"]);
  assert.deepEqual(await matching(`${"*a".repeat(40)}b`), []);
});

test("an output is the plain text of the value, null without one, and never that of an unstored cell", async () => {
  await kernel().execute("({ colour: 'none' })");
  await kernel().execute("'not this one'", { store_history: false });
  await kernel().execute("const quiet = 0;");
  await kernel().execute("throw new Error('stored all the same')");
  const entries = await history({ hist_access_type: "tail", n: 3, output: true });
  assert.deepEqual(
    entries.map((entry) => entry[2]),
    [
      ["({ colour: 'none' })", "{ colour: 'none' }"],
      ["const quiet = 0;", null],
      ["throw new Error('stored all the same')", null],
    ],
  );
});

test("kernels that run at the same time have sessions of their own", async () => {
  const clients = await Promise.all([1, 2].map(() => KernelClient.start({ env })));
  try {
    await Promise.all(clients.map((client, index) => client.execute(`'together ${index}'`)));
    const seen = await Promise.all(
      clients.map((client) => history({ hist_access_type: "search", pattern: "'together *'" }, client)),
    );
    for (const entries of seen) {
      assert.deepEqual(entries.map((entry) => entry[2]).sort(), ["'together 0'", "'together 1'"]);
      assert.equal(new Set(entries.map((entry) => entry[0])).size, 2);
    }
  } finally {
    for (const client of clients) await client.dispose();
  }
});

test("the oldest sessions are dropped: beyond a thousand, and beyond 16 MiB", async () => {
  const folder = join(home, "many", "rnnlab", "history");
  const file = (session: number) => join(folder, `${session}.jsonl`);
  mkdirSync(folder, { recursive: true });
  for (let session = 1; session <= 1005; session++) {
    writeFileSync(file(session), '{"line":1,"input":"old"}\n');
  }
  const start = () => KernelClient.start({ env: { ...env, JUPYTER_DATA_DIR: join(home, "many") } });
  const first = await start();
  try {
    await first.execute("1");
    const dropped = () => !existsSync(file(6));
    await until(dropped, 10_000, () => "the oldest session is still there");
    assert.deepEqual([7, 1005, 1006].map(file).map(existsSync), [true, true, true]);
  } finally {
    await first.dispose();
  }
  writeFileSync(file(1000), "x".repeat(17 * 2 ** 20));
  const second = await start();
  try {
    await second.execute("1");
    const dropped = () => !existsSync(file(7)) && !existsSync(file(1000));
    await until(dropped, 10_000, () => "the sessions beyond 16 MiB are still there");
    assert.ok(existsSync(file(1001)));
  } finally {
    await second.dispose();
  }
});

test("RNNLAB_HISTORY=off keeps this session's history and writes nothing", async () => {
  const data = join(home, "off");
  const client = await KernelClient.start({ env: { ...env, JUPYTER_DATA_DIR: data, RNNLAB_HISTORY: "off" } });
  try {
    await client.execute("'in memory'");
    const entries = await history({ hist_access_type: "tail", n: 1 }, client);
    assert.deepEqual(
      entries.map((entry) => entry[2]),
      ["'in memory'"],
    );
    await client.shutdown();
  } finally {
    await client.dispose();
  }
  assert.ok(!existsSync(data));
});

test("a data directory that cannot be written to costs the persistence, not the cell", async () => {
  const file = join(home, "file");
  writeFileSync(file, "");
  const client = await KernelClient.start({ env: { ...env, JUPYTER_DATA_DIR: file } });
  try {
    assert.equal((await client.execute("1 + 1")).result, "2");
  } finally {
    await client.dispose();
  }
});

test("a request of an unknown kind is answered with an error", async () => {
  const reply = await kernel().request("shell", "history_request", { hist_access_type: "all" });
  assert.equal(reply.content.status, "error");
  assert.match(String(reply.content.evalue), /hist_access_type must be/);
});

/** Runs cells in a kernel of its own and ends it. */
async function session(
  variables: Record<string, string | undefined>,
  cells: string[],
  end: "restart" | "kill",
) {
  const client = await KernelClient.start({ env: variables });
  try {
    for (const code of cells) await client.execute(code);
    if (end === "kill") {
      client.process.signal("SIGKILL");
      await client.process.waitUntilGone();
    } else await client.shutdown(true);
  } finally {
    await client.dispose();
  }
}

for (const end of ["restart", "kill"] as const) {
  test(`tail, range and search find what was executed before a ${end}`, async () => {
    const own = { ...env, JUPYTER_DATA_DIR: join(home, `outlived-${end}`) };
    await session(own, ["const kept = 1;", "kept + 1", "const kept = 1;"], end);
    const client = await KernelClient.start({ env: own });
    const found = async (fields: object) =>
      (await history(fields, client)).map(([number, line, entry]) => [number, line, entry]);
    try {
      await client.execute("'now'");
      assert.deepEqual(await found({ hist_access_type: "tail", n: 2 }), [
        [1, 3, "const kept = 1;"],
        [2, 1, "'now'"],
      ]);
      assert.deepEqual(
        await found({ hist_access_type: "range", session: -1, start: 1, stop: 3, output: true }),
        [
          [1, 1, ["const kept = 1;", null]],
          [1, 2, ["kept + 1", "2"]],
        ],
      );
      assert.deepEqual(await found({ hist_access_type: "search", pattern: "c*kept*", unique: true }), [
        [1, 3, "const kept = 1;"],
      ]);
      assert.equal((await found({ hist_access_type: "search", pattern: "c*kept*" })).length, 2);
    } finally {
      await client.dispose();
    }
  });
}

test("the history is in the user's own data directory, readable by nobody else", async () => {
  const user = join(home, "user");
  mkdirSync(user);
  const variables = { ...env, HOME: user, XDG_DATA_HOME: undefined, JUPYTER_DATA_DIR: undefined };
  await session(variables, ["'at home'"], "restart");
  const files = readdirSync(user, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(join("rnnlab", "history", "1.jsonl")),
  );
  assert.equal(files.length, 1);
  assert.equal(statSync(join(user, files[0]!)).mode & 0o077, 0);
});

test("a kernel finds what another one that still runs has executed since", async () => {
  const own = { ...env, JUPYTER_DATA_DIR: join(home, "neighbours") };
  const clients = await Promise.all([1, 2].map(() => KernelClient.start({ env: own })));
  try {
    const [first, second] = clients as [KernelClient, KernelClient];
    await first.execute("'mine'");
    await second.execute("'the neighbour' + 's'");
    const search = { hist_access_type: "search", pattern: "*neighbour*" };
    const read = async () => (await history(search, first)).map((entry) => entry[2]);
    assert.deepEqual(await read(), ["'the neighbour' + 's'"]);
    assert.deepEqual(
      (await history({ hist_access_type: "tail", n: 1 }, first)).map((entry) => entry[2]),
      ["'mine'"],
    );
  } finally {
    for (const client of clients) await client.dispose();
  }
});
