import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { select } from "../../../scripts/notebooks/selection.js";
import { UsageError } from "../../../src/platform/usage-error.js";
import { temporaryFolder } from "../../setup/temporary.js";

function folder(context: TestContext): string {
  const path = temporaryFolder(context);
  for (const name of ["000-one.ipynb", "001-two.ipynb", "001-three.ipynb", "notes.txt"])
    writeFileSync(join(path, name), "");
  return path;
}

test("select() without arguments takes every notebook in quick size and leaves the data to the loaders", (context) => {
  const path = folder(context);
  assert.deepEqual(select([], path, {}), {
    notebooks: ["000-one", "001-three", "001-two"].map((name) => join(path, `${name}.ipynb`)),
    size: "quick",
    data: undefined,
  });
});

test("select() takes a notebook by number, name, file name or path, once", (context) => {
  const path = folder(context);
  const { notebooks } = select(["000", "000-one", "000-one.ipynb", "notebooks/000-one.ipynb"], path, {});
  assert.deepEqual(notebooks, [join(path, "000-one.ipynb")]);
});

test("select() prefers the options to the environment", (context) => {
  const path = folder(context);
  mkdirSync(join(path, "data"));
  const env = { RNNLAB_SIZE: "full", RNNLAB_DATA: path };
  assert.equal(select([], path, env).size, "full");
  assert.equal(select([], path, env).data, path);
  assert.equal(select(["--size", "quick"], path, env).size, "quick");
  assert.equal(select(["--data", join(path, "data")], path, env).data, join(path, "data"));
});

test("select() refuses what makes no sense and says what there is", (context) => {
  const path = folder(context);
  const cases: [string[], RegExp][] = [
    [["002"], /^Cannot run the notebooks: "002" is no notebook; there are: 000-one, 001-three, 001-two$/],
    [["001"], /"001" names several notebooks/],
    [["--size", "huge"], /--size must be quick or full, got "huge"$/],
    [["--data", "/no/such"], /--data must be a directory, got "\/no\/such"$/],
    [["--data", join(path, "notes.txt")], /--data must be a directory/],
    [["--speed"], /Unknown option '--speed'.*usage: npm start/],
  ];
  for (const [args, message] of cases)
    assert.throws(
      () => select(args, path, {}),
      (error: Error) => error instanceof UsageError && message.test(error.message),
      args.join(" "),
    );
  assert.throws(() => select([], join(path, "none"), {}), /there are none in/);
});
