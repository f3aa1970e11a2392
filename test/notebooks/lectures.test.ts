import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { Result } from "../../scripts/notebooks/result.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { python, run } from "../../tools/kernel-client/index.js";
import { printedBy, transpile } from "../cli/run-module.js";

const names = readdirSync(join(packageRoot, "notebooks")).filter((name) => name.endsWith(".ipynb"));
const out = mkdtempSync(join(tmpdir(), "rnnlab-lectures-"));
after(() => rmSync(out, { recursive: true, force: true }));

/** Those that take least. All of them run on our own kernel in test/browser. */
const STARTED = ["001-introduction-to-recurrent-networks", "003-recurrent-network-from-scratch"];

const env: NodeJS.ProcessEnv = { RNNLAB_SIZE: "quick" };
const MILLISECONDS = 15 * 60_000;

/** A folder with this package installed and tslab as a kernel, as a user of tslab has them. */
function prepareTslab(): { folder: string; jupyter: string } {
  const [folder, jupyter] = [join(out, "tslab"), join(out, "jupyter")];
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(packageRoot, join(folder, "node_modules/rnnlab"), "junction");
  const kernel = join(jupyter, "kernels/tslab");
  mkdirSync(kernel, { recursive: true });
  const argv = [
    join(packageRoot, "node_modules/tslab/bin/tslab"),
    "kernel",
    "--config-path",
    "{connection_file}",
  ];
  const specification = { argv: [process.execPath, ...argv], display_name: "tslab", language: "typescript" };
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify(specification));
  return { folder, jupyter };
}

const { folder, jupyter } = prepareTslab();
for (const name of names) {
  test(`nbconvert executes ${name} on stock tslab in quick size and exits 0`, async () => {
    copyFileSync(join(packageRoot, "notebooks", name), join(folder, name));
    const options = [
      ...["--to", "notebook", "--execute", "--output-dir", out],
      ...["--ExecutePreprocessor.kernel_name=tslab", "--ExecutePreprocessor.timeout=-1"],
    ];
    const args = ["-m", "nbconvert", ...options, join(folder, name)];
    const tslab = { ...env, JUPYTER_PATH: jupyter };
    const { status, stderr } = await run(python(), args, { env: tslab, milliseconds: MILLISECONDS });
    assert.equal(status, 0, stderr);
    const { cells } = JSON.parse(readFileSync(join(out, name), "utf8")) as { cells: ExecutedCell[] };
    // Without controls it is what stands below them.
    const interactive = cells.filter(({ source }) => /^interact\(/m.test([source].flat().join("")));
    assert.ok(interactive.length > 0);
    for (const { outputs = [] } of interactive)
      assert.ok(outputs.some(({ data = {} }) => "application/vnd.plotly.v1+json" in data));
    assert.ok(JSON.stringify(cells.at(-1)?.outputs).includes("application/vnd.rnnlab.report+json"));
  });
}

test("npm start runs the lectures that are named, tells what came of each and exits 0", async () => {
  const { status, stdout, stderr } = await run(
    process.execPath,
    [join(packageRoot, "dist/scripts/start.js"), ...STARTED],
    { env, milliseconds: MILLISECONDS },
  );
  assert.equal(status, 0, `${stdout}${stderr}`);
  const results = JSON.parse(readFileSync(join(packageRoot, "out/results.json"), "utf8")) as Result[];
  assert.deepEqual(
    results.map(({ notebook }) => notebook),
    STARTED,
  );
  for (const { notebook, passed, figures } of results) {
    assert.ok(passed, notebook);
    assert.ok(Object.keys(figures).length > 20, notebook);
    assert.match(stdout, new RegExp(notebook));
    const page = readFileSync(join(packageRoot, "out", `${notebook}.html`), "utf8");
    assert.equal(page.split("DecompressionStream").length - 1, 1, "plotly.js comes with the page, once");
    assert.ok(page.length < 8e6, `${page.length}`);
  }
});

test("the module that rnnlab export makes of a lecture prints what the lecture prints", async () => {
  const [name] = STARTED;
  assert.ok(name);
  const [module, script] = [join(folder, `${name}.mts`), join(folder, `${name}.mjs`)];
  const notebook = join(packageRoot, "notebooks", `${name}.ipynb`);
  const args = [join(packageRoot, "dist/cli/main.js"), "export", notebook, "--output", module];
  const { status, stderr } = await run(process.execPath, args, { milliseconds: MILLISECONDS });
  assert.equal(status, 0, stderr);
  transpile(module, script);
  const printed = textOf(await printedBy(script, { cwd: folder, env, milliseconds: MILLISECONDS }));
  const executed = JSON.parse(readFileSync(join(packageRoot, "out", `${name}.ipynb`), "utf8")) as {
    cells: ExecutedCell[];
  };
  const expected = executed.cells.filter((cell) => !isTimed(cell)).flatMap(printedLines);
  assert.ok(expected.length > 30);
  // What the notebook draws is printed, too: it stands between.
  let place = 0;
  for (const line of expected) {
    const found = printed.indexOf(line, place);
    assert.notEqual(found, -1, `after line ${place}: ${line}`);
    place = found + 1;
  }
});

interface ExecutedCell {
  readonly source: readonly string[] | string;
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly name?: string;
    readonly text?: readonly string[] | string;
    readonly data?: {
      readonly "text/plain"?: readonly string[] | string;
      readonly "application/vnd.plotly.v1+json"?: object;
    };
  }[];
}

/** Whether a cell shows how long something took: the table of seconds, or a column of them. */
const isTimed = ({ source }: ExecutedCell): boolean =>
  /trainingTimes\.table|"ours \(s\)"/.test([source].flat().join(""));

function printedLines({ outputs = [] }: ExecutedCell): string[] {
  return outputs.flatMap(({ output_type, name, text, data }) => {
    const printed = name === "stdout" ? text : output_type === "execute_result" ? data?.["text/plain"] : [];
    return printed === undefined || printed.length === 0 ? [] : textOf([printed].flat().join(""));
  });
}

const textOf = (text: string): string[] => stripVTControlCharacters(text).trimEnd().split("\n");
