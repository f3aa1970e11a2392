import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { run } from "../../tools/kernel-client/index.js";
import { temporaryFolder, writeScript } from "./temporary.js";

const FIND = `
const { findBuildTools } = require(${JSON.stringify(join(packageRoot, "dist/setup/node-gyp.js"))});
findBuildTools("an addon", "python3", process.argv[1], process.env).then(
  ({ headers }) => console.log(headers),
  (error) => console.log(error.message),
);`;

/** A Node without headers beside it, which finds what compiles for it; node-gyp is pretended. */
function prepare(context: TestContext, nodeGyp: string) {
  const folder = temporaryFolder(context);
  const cache = join(folder, "cache");
  for (const each of [join(folder, "node/bin"), cache]) mkdirSync(each, { recursive: true });
  const node = join(folder, "node/bin/node");
  copyFileSync(process.execPath, node);
  const env = {
    CXX: writeScript(join(folder, "g++"), "echo compiler 1.0"),
    npm_config_node_gyp: join(folder, "node-gyp.js"),
    npm_config_nodedir: "",
  };
  writeFileSync(env.npm_config_node_gyp, nodeGyp);
  const find = async () => (await run(node, ["-e", FIND, cache], { env })).stdout.trim();
  return { cache, entry: join(cache, `node-headers-${process.versions.node}-${process.arch}`), find };
}

if (process.platform !== "win32") {
  test("a Node without headers gets its own, in a cache entry of its own, once", async (context) => {
    const download = `
const folder = process.argv.find((arg) => arg.startsWith("--devdir=")).slice("--devdir=".length);
require("node:fs").mkdirSync(folder + "/" + process.versions.node + "/include/node", { recursive: true });`;
    const { cache, entry, find } = prepare(context, download);
    const headers = join(entry, process.versions.node);
    assert.equal(await find(), headers);
    assert.equal(existsSync(join(headers, "include/node")), true);
    writeFileSync(join(cache, "../node-gyp.js"), "process.exit(1)");
    assert.equal(await find(), headers);
  });

  test("a Node without headers says what to install where they cannot be downloaded", async (context) => {
    const { entry, find } = prepare(context, 'console.error("no network"); process.exit(1);');
    const said = await find();
    const { node } = process.versions;
    const rule = `the headers of Node ${node} are not on this machine and cannot be downloaded`;
    assert.ok(said.startsWith(`Cannot compile an addon: ${rule}\n`), said);
    assert.match(said, /tried: [\s\S]*no network[\s\S]*repair: install Node with its headers/);
    assert.equal(existsSync(entry), false);
  });
}
