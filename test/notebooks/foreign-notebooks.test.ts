import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { installKernel, type JupyterHome } from "../../tools/kernel-client/index.js";
import { type Cell, executedOnce, joined } from "../../tools/kernel-client/nbconvert.js";

/**
 * Notebooks written as people write them who have never heard of this kernel: for tslab, for Deno, or as plain scripts. None
 * of them has types everywhere, and each has code that strict checks refuse.
 */
const folder = join(packageRoot, "test/notebooks/foreign");

let installed: JupyterHome;
before(async () => {
  installed = await installKernel();
  copyFileSync(join(folder, "user.txt"), join(installed.directory, "user.ts"));
});
after(() => installed?.remove());
const home = (): JupyterHome => installed;

const hasNote = ({ outputs }: Cell): boolean =>
  outputs.some(({ data }) => joined(data?.["text/html"]).startsWith("<details><summary>Strict type checks"));

const isStopped = ({ outputs }: Cell): boolean => outputs.some(({ output_type }) => output_type === "error");

const expected = [
  ["linked-list", "'c,b,a'", 4, 6],
  ["word-count", "'the: 3'", 4, 4],
  ["promises-and-errors", "2", 4, 6],
  ["shapes-and-modules", "'ANN'", 4, 6],
  ["web-apis", "2029", 5, 5],
  ["statistics", "'2.0'", 6, 7],
  ["prototypes", "'Rex speaks'", 3, 4],
] as const;

const sources = Object.fromEntries(
  expected.map(([name]) => {
    const text = readFileSync(join(folder, `${name}.txt`), "utf8");
    return [name, text.split(/^\/\/ %%\n/m).slice(1)] as const;
  }),
);
const cells = executedOnce(home, sources);
const strictly = () => ({ ...home(), env: { ...home().env, RNNLAB_STRICT: "1" } });
const strictCells = executedOnce(strictly, sources, ["--allow-errors"]);

for (const [name, result, notes, stopped] of expected) {
  test(`${name} runs to its end: ${notes} cells have a note, and strict checks stop ${stopped}`, async () => {
    const executed = await cells(name);
    const strict = await strictCells(name);
    const shown = executed.at(-1)?.outputs.find(({ output_type }) => output_type === "execute_result");
    assert.equal(joined(shown?.data?.["text/plain"]), result);
    assert.equal(executed.some(isStopped), false);
    assert.deepEqual([executed.filter(hasNote).length, strict.filter(isStopped).length], [notes, stopped]);
  });
}
