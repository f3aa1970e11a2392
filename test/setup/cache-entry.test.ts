import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { cacheEntry } from "../../setup/cache-entry.js";
import { temporaryFolder } from "./temporary.js";

const MODULE = resolve(__dirname, "../../setup/cache-entry.js");

/** Another process that makes an entry; it says "making" and then waits for a line, or for its end. */
function maker(cache: string, name: string): ChildProcess {
  const code = `
    const { writeFileSync, appendFileSync } = require("node:fs");
    const { cacheEntry } = require(${JSON.stringify(MODULE)});
    cacheEntry(${JSON.stringify(cache)}, ${JSON.stringify(name)}, async (folder) => {
      appendFileSync(${JSON.stringify(join(cache, "..", "log"))}, "made\\n");
      writeFileSync(folder + "/half", "1");
      console.log("making");
      await new Promise((settle) => process.stdin.once("data", settle));
      writeFileSync(folder + "/whole", "2");
    }, () => console.log("waiting")).then(() => process.exit(0));`;
  return spawn(process.execPath, ["-e", code], { stdio: ["pipe", "pipe", "inherit"] });
}

test("cacheEntry() makes an entry once and finds it again", async (context) => {
  const cache = temporaryFolder(context);
  const make = async (folder: string) => writeFileSync(join(folder, "file"), "content");
  const entry = await cacheEntry(cache, "entry", make);
  assert.equal(readFileSync(join(entry, "file"), "utf8"), "content");
  assert.equal(await cacheEntry(cache, "entry", async () => assert.fail("made twice")), entry);
});

test("cacheEntry() leaves nothing behind when making fails", async (context) => {
  const cache = temporaryFolder(context);
  const make = async (folder: string) => {
    writeFileSync(join(folder, "half"), "");
    throw new Error("no network");
  };
  await assert.rejects(cacheEntry(cache, "entry", make), /no network/);
  assert.deepEqual(readdirSync(cache), []);
});

test("cacheEntry() leaves nothing behind when the process is interrupted", async (context) => {
  const cache = join(temporaryFolder(context), "cache");
  const child = maker(cache, "entry");
  await once(child.stdout!, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  assert.equal(code, 130);
  assert.deepEqual(readdirSync(cache), []);
});

test("cacheEntry() removes what a killed process left and makes the entry", async (context) => {
  const cache = join(temporaryFolder(context), "cache");
  const child = maker(cache, "entry");
  await once(child.stdout!, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(readdirSync(cache).length, 2, "the killed process left its folder and its lock");
  await cacheEntry(cache, "entry", async (folder) => writeFileSync(join(folder, "whole"), "2"));
  assert.deepEqual(readdirSync(cache), ["entry"]);
  assert.deepEqual(readdirSync(join(cache, "entry")), ["whole"]);
});

test("cacheEntry() makes an entry once when two processes want it at the same time", async (context) => {
  const folder = temporaryFolder(context);
  const cache = join(folder, "cache");
  const first = maker(cache, "entry");
  await once(first.stdout!, "data");
  const second = maker(cache, "entry");
  const [said] = await once(second.stdout!, "data");
  assert.equal(String(said), "waiting\n");
  first.stdin!.write("go\n");
  const codes = await Promise.all([once(first, "exit"), once(second, "exit")]);
  assert.deepEqual(
    codes.map(([code]) => code),
    [0, 0],
  );
  assert.equal(readFileSync(join(folder, "log"), "utf8"), "made\n");
  assert.deepEqual(readdirSync(join(cache, "entry")).sort(), ["half", "whole"]);
});

test("cacheEntry() removes what a process before it with the same id left", async (context) => {
  const cache = temporaryFolder(context);
  const left = join(cache, `entry.making-${process.pid}`);
  mkdirSync(left);
  writeFileSync(join(left, "half"), "");
  await cacheEntry(cache, "entry", async (folder) => writeFileSync(join(folder, "whole"), "2"));
  assert.deepEqual(readdirSync(cache), ["entry"]);
  assert.deepEqual(readdirSync(join(cache, "entry")), ["whole"]);
});
