import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { python, run } from "../kernel/client";

const root = resolve(__dirname, "../../..");
const names = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
const out = mkdtempSync(join(tmpdir(), "rnnlab-lectures-"));
after(() => rmSync(out, { recursive: true, force: true }));

/** The real files where a machine has them, else whatever the loaders find. */
const realData = resolve(root, "../shared/data");
const data = process.env.RNNLAB_DATA ?? (existsSync(realData) ? realData : undefined);
const env: NodeJS.ProcessEnv = { RNNLAB_SIZE: "quick", ...(data === undefined ? {} : { RNNLAB_DATA: data }) };
const milliseconds = 15 * 60_000;

/** A folder with this package installed and tslab as a kernel, as a user of tslab has them. */
function prepareTslab(): { folder: string; jupyter: string } {
  const [folder, jupyter] = [join(out, "tslab"), join(out, "jupyter")];
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/rnnlab"), "junction");
  const kernel = join(jupyter, "kernels/tslab");
  mkdirSync(kernel, { recursive: true });
  const argv = [join(root, "node_modules/tslab/bin/tslab"), "kernel", "--config-path", "{connection_file}"];
  const specification = { argv: [process.execPath, ...argv], display_name: "tslab", language: "typescript" };
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify(specification));
  return { folder, jupyter };
}

const { folder, jupyter } = prepareTslab();
for (const name of names) {
  // On our own kernel `npm start` below runs them all.
  test(`nbconvert executes ${name} on stock tslab in quick size and exits 0`, async () => {
    copyFileSync(join(root, "notebooks", name), join(folder, name));
    const options = [
      ...["--to", "notebook", "--execute", "--output-dir", out],
      ...["--ExecutePreprocessor.kernel_name=tslab", "--ExecutePreprocessor.timeout=-1"],
    ];
    const args = ["-m", "nbconvert", ...options, join(folder, name)];
    const tslab = { ...env, JUPYTER_PATH: jupyter };
    const { status, stderr } = await run(python(), args, { env: tslab, milliseconds });
    assert.equal(status, 0, stderr);
    const { cells } = JSON.parse(readFileSync(join(out, name), "utf8")) as {
      cells: { outputs?: object[] }[];
    };
    assert.ok(JSON.stringify(cells.at(-1)?.outputs).includes("application/vnd.rnnlab.report+json"));
  });
}

test("npm start runs the lectures, tells what came of each and exits 0", async () => {
  const { status, stdout, stderr } = await run(process.execPath, [join(root, "dist/scripts/start.js")], {
    env,
    milliseconds,
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  const results = JSON.parse(readFileSync(join(root, "out/results.json"), "utf8")) as {
    notebook: string;
    data: string;
    passed: boolean;
    figures: Record<string, number>;
  }[];
  assert.deepEqual(
    results.map(({ notebook }) => `${notebook}.ipynb`),
    names,
  );
  for (const { notebook, passed, data: kind, figures } of results) {
    assert.ok(passed, notebook);
    assert.equal(kind, data === realData ? "real" : kind);
    assert.ok(Object.keys(figures).length > 20, notebook);
    assert.match(stdout, new RegExp(notebook));
  }
});
