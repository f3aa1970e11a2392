import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { notebookProject } from "./notebook-project.js";

const sourcesOf = (cells: readonly { readonly source: readonly string[] }[]) =>
  cells.map(({ source }) => source.join(""));

test("rnnlab format has TypeScript's own formatter where the folder has none, and changes code cells alone", (context) => {
  const { write, rnnlab, cells } = notebookProject(context);
  write("sums.ipynb", [
    { source: "const a={x:1 ,y:2}\nfor(const n of [1,2]){\nconsole.log(n)\n}" },
    { type: "markdown", source: "a  =  1" },
    { source: "a.x?" },
    { source: "%replay  3" },
    { source: "const broken  = ;" },
    { source: "{ x:  1 }" },
    { source: "a.x+a.y" },
  ]);
  const { status, stdout } = rnnlab("format", "sums.ipynb");
  assert.equal(status, 0);
  assert.equal(stdout, "sums.ipynb: 2 cells formatted (TypeScript)\n");
  assert.deepEqual(sourcesOf(cells("sums.ipynb")), [
    "const a = { x: 1, y: 2 }\nfor (const n of [1, 2]) {\n  console.log(n)\n}",
    "a  =  1",
    "a.x?",
    "%replay  3",
    "const broken  = ;",
    "{ x:  1 }",
    "a.x + a.y",
  ]);
  assert.equal(rnnlab("format", "sums.ipynb").stdout, "sums.ipynb: nothing to format (TypeScript)\n");
});

test("rnnlab format --check changes nothing, and exits with 1", (context) => {
  const { write, rnnlab, cells } = notebookProject(context);
  write("sums.ipynb", [{ source: "const a=1" }]);
  const { status, stdout } = rnnlab("format", "--check", "sums.ipynb");
  assert.deepEqual([status, stdout], [1, "sums.ipynb: 1 cell to be formatted (TypeScript)\n"]);
  assert.deepEqual(sourcesOf(cells("sums.ipynb")), ["const a=1"]);
});

test("rnnlab format takes the Biome of the folder, and keeps the end of the last statement", (context) => {
  const { folder, write, rnnlab, cells } = notebookProject(context);
  writeFileSync(join(folder, "biome.json"), '{ "javascript": { "formatter": { "quoteStyle": "single" } } }');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve(packageRoot, "node_modules/@biomejs"), join(folder, "node_modules/@biomejs"));
  write("sums.ipynb", [{ source: 'const a = "x"\na+"y"' }, { source: 'a+"z";' }]);
  const { stdout, stderr } = rnnlab("format", "sums.ipynb");
  assert.equal(stderr, "");
  assert.equal(stdout, "sums.ipynb: 2 cells formatted (Biome)\n");
  assert.deepEqual(sourcesOf(cells("sums.ipynb")), ["const a = 'x';\na + 'y'", "a + 'z';"]);
});

test("rnnlab format takes the Prettier of the folder", (context) => {
  const { folder, write, rnnlab, cells } = notebookProject(context);
  const prettier = join(folder, "node_modules/prettier");
  mkdirSync(prettier, { recursive: true });
  writeFileSync(join(prettier, "package.json"), '{ "name": "prettier", "main": "index.js" }');
  // It answers as Prettier does, and shows what it was asked.
  const code = `exports.resolveConfig = async (file) => ({ semi: file.endsWith("cell.ts") });
exports.format = async (code, { semi, filepath }) => code.trim() + " // " + semi + filepath.slice(-8) + "\\n";`;
  writeFileSync(join(prettier, "index.js"), code);
  writeFileSync(join(folder, ".prettierrc"), "{}");
  write("sums.ipynb", [{ source: "1 + 1;" }]);
  assert.equal(rnnlab("format", "sums.ipynb").stdout, "sums.ipynb: 1 cell formatted (Prettier)\n");
  assert.deepEqual(sourcesOf(cells("sums.ipynb")), ["1 + 1; // true/cell.ts"]);
});

test("rnnlab format names what is configured and not installed", (context) => {
  const { folder, write, rnnlab } = notebookProject(context);
  writeFileSync(join(folder, "biome.json"), "{}");
  write("sums.ipynb", [{ source: "const a=1" }]);
  const { status, stderr } = rnnlab("format", "sums.ipynb");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /biome\.json asks for @biomejs\/biome, which is not installed; run npm install --save-dev/,
  );
});
