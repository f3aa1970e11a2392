import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { installKernel, type JupyterHome } from "../../tools/kernel-client/index.js";
import { type Cell, executeNotebook, joined } from "../../tools/kernel-client/nbconvert.js";

/**
 * Notebooks written as people write them who have never heard of this kernel: for tslab, for Deno, or as plain scripts. None
 * of them has types everywhere, and each has code that strict checks refuse.
 */
const folder = join(packageRoot, "test/notebooks/foreign");

let home: JupyterHome;
before(async () => {
  home = await installKernel();
  copyFileSync(join(folder, "user.txt"), join(home.directory, "user.ts"));
});
after(() => home?.remove());

const hasNote = ({ outputs }: Cell): boolean =>
  outputs.some(({ data }) => joined(data?.["text/html"]).startsWith("<details><summary>Strict type checks"));

const isStopped = ({ outputs }: Cell): boolean => outputs.some(({ output_type }) => output_type === "error");

for (const [name, result, notes, stopped] of [
  ["linked-list", "'c,b,a'", 4, 6],
  ["word-count", "'the: 3'", 4, 4],
  ["promises-and-errors", "2", 4, 6],
  ["shapes-and-modules", "'ANN'", 4, 6],
  ["web-apis", "2029", 5, 5],
  ["statistics", "'2.0'", 6, 7],
  ["prototypes", "'Rex speaks'", 3, 4],
] as const) {
  test(`${name} runs to its end: ${notes} cells have a note, and strict checks stop ${stopped}`, async () => {
    const sources = readFileSync(join(folder, `${name}.txt`), "utf8")
      .split(/^\/\/ %%\n/m)
      .slice(1);
    const { cells } = await executeNotebook(home, name, sources);
    const executed = cells();
    const shown = executed.at(-1)?.outputs.find(({ output_type }) => output_type === "execute_result");
    assert.equal(joined(shown?.data?.["text/plain"]), result);
    assert.equal(executed.some(isStopped), false);

    const strictly = { ...home, env: { ...home.env, RNNLAB_STRICT: "1" } };
    const strict = await executeNotebook(strictly, name, sources, ["--allow-errors"]);
    assert.deepEqual(
      [executed.filter(hasNote).length, strict.cells().filter(isStopped).length],
      [notes, stopped],
    );
  });
}
