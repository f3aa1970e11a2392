import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { withLock } from "../../setup/lock.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { installKernel, type JupyterHome, python, run } from "../../tools/kernel-client/index.js";
import { notebookProject } from "../cli/notebook-project.js";

const VERSION = "papermill==2.7.0";

let home: JupyterHome;
let site: string;

/** papermill with our package, in a folder of the cache beside the project's own Python packages. */
async function papermillSite(): Promise<string> {
  const source = join(packageRoot, "papermill");
  const key = createHash("sha256").update(`${VERSION} ${python()}`);
  for (const name of ["rnnlab_papermill.py", "build_wheel.py", "pyproject.toml"])
    key.update(readFileSync(join(source, name)));
  const folder = join(cacheDirectory(), `test-papermill-${key.digest("hex").slice(0, 12)}`);
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return;
      const draft = `${folder}.making`;
      rmSync(draft, { recursive: true, force: true });
      const install = ["-m", "pip", "install", "--quiet", "--target", draft, VERSION, source];
      const { status, stderr } = await run(python(), install, { milliseconds: 600_000 });
      assert.equal(status, 0, stderr);
      renameSync(draft, folder);
    },
    () => {},
  );
  return folder;
}

before(async () => {
  home = await installKernel();
  site = await papermillSite();
});
after(() => home.remove());

const DECLARED = `const rate = 0.1; // learning rate
let kind: "gru" | "lstm" = "gru";
let title = "ten", verbose = false;
let limit: number | null = null;
const sizes: number[] = [];
let layer: Record<string, unknown> = {};`;

test("papermill sets parameters of all types, with the declared types, and again in its own output", async (context) => {
  const { folder, write, cells } = notebookProject(context);
  const metadata = (name: string, language: string) => ({
    kernelspec: { name, display_name: name, language },
  });
  write(
    "model.ipynb",
    [
      { source: DECLARED, tags: ["parameters"] },
      { source: "console.log(JSON.stringify({ rate, kind, title, verbose, limit, sizes, layer }));" },
      // The types of the declarations are still there.
      { source: 'kind === "gru"' },
    ],
    metadata("rnnlab", "typescript"),
  );
  const papermill = async (...args: string[]) => {
    const { status, stderr } = await run(python(), ["-m", "papermill", ...args], {
      cwd: folder,
      env: { ...home.env, PYTHONPATH: site },
    });
    assert.equal(status, 0, stderr);
    return stderr;
  };
  writeFileSync(
    join(folder, "values.yaml"),
    'rate: 1.0e-3\nsizes: [1, 2.5, -3]\nlimit: -7\nlayer: {units: 8, "a b": [null, true], "quote\\"": "x\\n"}\n',
  );
  await papermill(
    "model.ipynb",
    "out.ipynb",
    "-p",
    "kind",
    "lstm",
    "-p",
    "verbose",
    "True",
    "-f",
    "values.yaml",
  );
  const out = cells("out.ipynb");
  assert.deepEqual(out[1]?.metadata.tags, ["injected-parameters"]);
  assert.equal(
    out[1]?.source.join(""),
    `// Parameters
const rate = 0.001;
const sizes: number[] = [1, 2.5, -3];
let limit: number | null = -7;
let layer: Record<string, unknown> = { "units": 8, "a b": [null, true], "quote\\"": "x\\n" };
let kind: "gru" | "lstm" = "lstm";
let verbose = true;
`,
  );
  assert.deepEqual(JSON.parse(out[2]?.outputs?.[0]?.text.join("")), {
    rate: 0.001,
    kind: "lstm",
    title: "ten",
    verbose: true,
    limit: -7,
    sizes: [1, 2.5, -3],
    layer: { units: 8, "a b": [null, true], 'quote"': "x\n" },
  });
  assert.equal(out.length, 4);
  // Another run replaces the cell; a name that the cell does not declare is set, too, with a warning.
  const warned = await papermill("out.ipynb", "again.ipynb", "-p", "rate", "0.5", "-p", "other", "x");
  assert.match(warned, /unknown parameter: other/);
  const again = cells("again.ipynb");
  assert.equal(again.length, 4);
  assert.equal(again[1]?.source.join(""), '// Parameters\nconst rate = 0.5;\nlet other = "x";\n');
});

test("papermill sets parameters of a notebook in JavaScript, and lists them", async (context) => {
  const { folder, write, cells } = notebookProject(context);
  const kernelspec = { name: "rnnlab-javascript", display_name: "JavaScript", language: "javascript" };
  write(
    "plain.ipynb",
    [{ source: "const rate = 0.1; // learning rate", tags: ["parameters"] }, { source: "rate" }],
    { kernelspec },
  );
  const env = { ...home.env, PYTHONPATH: site };
  const args = ["-m", "papermill", "plain.ipynb"];
  const done = await run(python(), [...args, "out.ipynb", "-p", "rate", "2"], { cwd: folder, env });
  assert.equal(done.status, 0, done.stderr);
  assert.deepEqual(cells("out.ipynb")[2]?.outputs?.[0]?.data, { "text/plain": ["2"] });
  const help = await run(python(), [...args, "--help-notebook"], { cwd: folder, env });
  assert.match(help.stdout, /rate: Unknown type \(default 0\.1\)\s+learning rate/);
});

test("numbers that JSON lacks, null, and hostile names become expressions", async () => {
  const code = `import papermill.engines
from papermill.translators import translate_parameters
values = {"a": [float("nan"), float("inf"), -float("inf"), None, 2**70], "b": {"__proto__": True}, "c": {}}
print(translate_parameters("other", "typescript", values, ""), end="")`;
  const { stdout, stderr } = await run(python(), ["-c", code], { env: { PYTHONPATH: site } });
  const expected = `//
let a = [NaN, Infinity, -Infinity, null, 1180591620717411303424];
let b = { ["__proto__"]: true };
let c = {};
`;
  assert.equal(stdout, expected, stderr);
});
