import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findPython } from "../../setup/python.js";
import { SetupError } from "../../setup/setup-error.js";
import { temporaryFolder, writeScript } from "./temporary.js";

test("findPython() takes the first candidate that is new enough", async (context) => {
  const folder = temporaryFolder(context);
  writeScript(join(folder, "python3"), 'printf "/old\\n3.9.18\\n"');
  writeScript(join(folder, "python3.12"), 'printf "/new\\n3.12.1\\n/usr\\n"');
  assert.deepEqual(await findPython({ PATH: folder }), { path: "/new", version: "3.12.1", prefix: "/usr" });
});

test("findPython() takes RNNLAB_PYTHON before any other", async (context) => {
  const folder = temporaryFolder(context);
  writeScript(join(folder, "python3"), 'printf "/path\\n3.13.0\\n"');
  const mine = writeScript(join(folder, "mine"), 'printf "/mine\\n3.10.0\\n"');
  assert.equal((await findPython({ PATH: folder, RNNLAB_PYTHON: mine })).path, "/mine");
});

test("findPython() without any says what it tried and how to repair it", async (context) => {
  const folder = temporaryFolder(context);
  writeScript(join(folder, "python3"), 'printf "/old\\n3.9.18\\n"');
  await assert.rejects(findPython({ PATH: folder }), (error: SetupError) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^Cannot find Python: none of these is 3\.10 or newer\n/);
    assert.match(error.message, /tried: python3: is Python 3\.9\.18\n/);
    assert.match(error.message, /tried: python3\.10 .*ENOENT/);
    assert.match(error.message, /repair: install Python 3\.10 or newer .*RNNLAB_PYTHON/);
    return true;
  });
});
