import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { findSnapshot, SNAPSHOT_FILE, snapshotName } from "../../kernel/compiler/client/snapshot.js";
import { entriesOf, entryPrefix } from "../../kernel/shared/built-parts.js";
import { sharing } from "../../setup/doctor/machine.js";
import { setUp } from "../../setup/index.js";
import { closedAt, shareCache } from "../../setup/sharing.js";
import { prepareTensorFlow } from "../../setup/tensorflow.js";
import { project } from "./pretended-tfjs.js";
import { temporaryFolder, writeScript } from "./temporary.js";

/** An installation that everybody can read, and the cache directory of its owner, which only he can. */
function folders(context: TestContext) {
  const folder = temporaryFolder(context);
  const [open, home] = [join(folder, "open"), join(folder, "home")];
  const library = join(home, "cache", "library");
  for (const each of [open, library]) mkdirSync(each, { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(open, 0o755);
  chmodSync(home, 0o700);
  return { open, home, library };
}

if (process.platform !== "win32") {
  test("closedAt() names what keeps other users out", (context) => {
    const { open, home, library } = folders(context);
    const file = join(open, "file");
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    assert.equal(closedAt(file), undefined);
    chmodSync(file, 0o600);
    assert.equal(closedAt(file), file);
    assert.equal(closedAt(library), home);
    const link = join(open, "link");
    symlinkSync(library, link);
    assert.equal(closedAt(link), home);
  });

  test("shareCache() refuses what other users cannot read, and says why", (context) => {
    const { open, home, library } = folders(context);
    assert.throws(() => shareCache(open, [library]), {
      message: new RegExp(
        `^Cannot share this installation: all users must be able to read ${library} \\(because of ${home}\\)\n`,
      ),
    });
  });

  test("setUp() for all users refuses a Python that they cannot read, before it does anything", async (context) => {
    const { open, home } = folders(context);
    const python = writeScript(join(home, "python"), `echo "$0"; echo 3.12.1; echo ${home}`);
    const umask = process.umask();
    context.after(() => process.umask(umask));
    const cache = join(open, "shared");
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const given = setUp({ root: open, cache, forAll: true, python, print, env: { PATH: process.env.PATH } });
    const rule = `${python} \\(because of ${home}\\)\n  repair: install Node, Python and rnnlab where`;
    await assert.rejects(given, { message: new RegExp(`^Cannot share this installation: .*${rule}`) });
    assert.deepEqual([lines, readdirSync(open), readdirSync(cache)], [[], ["shared"], []]);
  });

  test("the doctor notices a private library in an installation that others can read", (context) => {
    const { open, home, library } = folders(context);
    const link = join(open, "deps");
    symlinkSync(library, link);
    const [finding] = sharing(open, link);
    assert.equal(finding?.health, "optional");
    assert.match(String(finding?.repair), /^rnnlab setup --system/);
    chmodSync(home, 0o755);
    assert.deepEqual(sharing(open, link), []);
    chmodSync(home, 0o700);
    assert.deepEqual(sharing(home, link), [], "an installation of one user's");
  });
}

test("prepareTensorFlow() for all users takes the library from where they share it", async (context) => {
  const { options, prepare, root, tfjs } = project(context);
  await prepare();
  const cache = join(root, "shared");
  mkdirSync(cache);
  const forAll = { ...options, cache, forAll: true, note: () => {} };
  await prepareTensorFlow(forAll);
  assert.ok(readlinkSync(join(tfjs, "deps")).startsWith(cache));
  writeFileSync(options.entry, 'throw new Error("proved again")');
  assert.equal(await prepareTensorFlow(forAll), "tfjs-node 4.22.0 on TensorFlow 2.18.1");
});

test("a snapshot is found in the cache that all users share", (context) => {
  const [own, shared] = [temporaryFolder(context), temporaryFolder(context)];
  mkdirSync(join(shared, snapshotName("compiler")));
  const path = join(shared, snapshotName("compiler"), SNAPSHOT_FILE);
  writeFileSync(path, "");
  assert.equal(findSnapshot("compiler", [own, shared]), path);
});

test("an entry of the cache is found in any cache, and none that is being made", (context) => {
  const [own, shared] = [temporaryFolder(context), temporaryFolder(context)];
  const prefix = entryPrefix("modules");
  for (const name of [`${prefix}a.making-7`, `${prefix}a.lock`, "modules-of-another"])
    mkdirSync(join(own, name));
  assert.deepEqual(entriesOf("modules", [own, shared]), []);
  mkdirSync(join(shared, `${prefix}b`));
  assert.deepEqual(entriesOf("modules", [join(own, "none"), own, shared]), [join(shared, `${prefix}b`)]);
});
