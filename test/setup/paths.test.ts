import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { labCommand, projectRoot } from "../../setup/paths.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { temporaryFolder } from "./temporary.js";

/** A folder with a copy of rnnlab below it, and a folder far below beside that. */
function installed(context: TestContext, manifest?: object) {
  const folder = temporaryFolder(context);
  const copy = join(folder, "node_modules", "rnnlab");
  const below = join(folder, "lessons", "first");
  for (const each of [copy, below]) mkdirSync(each, { recursive: true });
  if (manifest !== undefined) writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return { folder, copy, below };
}

test("projectRoot() of a checkout is the checkout, from whichever folder", (context) => {
  assert.equal(projectRoot(packageRoot, temporaryFolder(context)), packageRoot);
});

test("projectRoot() is the project that has rnnlab, from a folder within and from elsewhere", (context) => {
  const { folder, copy, below } = installed(context, { private: true });
  for (const current of [folder, below, temporaryFolder(context)]) {
    assert.equal(projectRoot(copy, current), folder, current);
  }
});

test("projectRoot() is the project where the package manager links rnnlab", (context) => {
  const store = installed(context);
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(store.copy, join(folder, "node_modules", "rnnlab"), "dir");
  assert.equal(projectRoot(store.copy, folder), folder);
});

test("projectRoot() is another project's never: not for a copy that was installed globally, nor for npx's", (context) => {
  const mine = installed(context, { private: true });
  for (const manifest of [undefined, { _npx: { packages: ["rnnlab"] } }]) {
    const { copy } = installed(context, manifest);
    assert.equal(projectRoot(copy, mine.below), cacheDirectory());
  }
});

test("labCommand() starts the JupyterLab of the project, whatever its path is", (context) => {
  assert.equal(labCommand(packageRoot), "npm run lab");
  const folder = temporaryFolder(context);
  assert.match(labCommand(folder), /rnnlab-test-\w+[\\/]\.venv[\\/]\w+[\\/]jupyter lab$/);
  assert.match(labCommand(join(folder, "my work")), /^".*my work.*jupyter" lab$/);
});
