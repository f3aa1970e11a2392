import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inPlainFolder } from "../../setup/plain-folder.js";
import { temporaryFolder } from "./temporary.js";

test("inPlainFolder() works in the first folder whose path gyp can read, and removes what was made", async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ["with space", "o'clock", 'say "hi"', "Zoë", "a$b", "a;b", "a(b)", "a#b", "plain-1.0_x"])
    mkdirSync(join(folder, name));
  for (const odd of ["with space", "o'clock", 'say "hi"', "Zoë", "a$b", "a;b", "a(b)", "a#b"]) {
    const temporary = [join(folder, odd), join(folder, "plain-1.0_x")];
    const used = await inPlainFolder("it", async (path) => path, temporary);
    assert.ok(used.startsWith(join(folder, "plain-1.0_x", "rnnlab-build-")), used);
    assert.equal(existsSync(used), false);
  }
});

test("inPlainFolder() removes what was made when the work fails", async (context) => {
  let used = "";
  const work = async (path: string) => {
    used = path;
    throw new Error("no luck");
  };
  await assert.rejects(inPlainFolder("it", work, [temporaryFolder(context)]), /no luck/);
  assert.equal(existsSync(used), false);
});

test("inPlainFolder() says which variable to set where no folder will do", async () => {
  const work = async () => assert.fail("has no folder");
  await assert.rejects(
    inPlainFolder("the fused ops", work, ["/my tmp"]),
    /^SetupError: Cannot compile the fused ops: the path .*, got "\/my tmp"\n {2}repair: set TMPDIR /,
  );
});
