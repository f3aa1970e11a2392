import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { executeNotebook } from "../../../scripts/notebooks/execute.js";
import { venvPython } from "../../../setup/paths.js";
import { isAlive, until } from "../../../tools/kernel-client/index.js";
import { temporaryFolder } from "../../setup/temporary.js";

// Python's own kernel: what is tested here is the runner, whatever the language.
const KERNEL = "python3";
const REPORT = `from IPython.display import display
display({"application/vnd.rnnlab.report+json": {"notebook": "n", "data": "real", "size": "quick",
  "figures": {"rmse": 3.5}, "checks": [{"name": "rmse", "value": 3.5, "rule": "< 4", "passed": PASSED}]}}, raw=True)`;

const PROSE = [
  "# Title",
  "## Part one",
  "Costs \\$5 and $x_t$, and `$code$` is code.",
  "[Next](other.ipynb#2-Words), [far](https://example.org/a.ipynb)",
  "$$a < b$$",
  "\\begin{align} c &= d \\\\ e &= f \\end{align}",
].join("\n\n");

function notebook(context: TestContext, ...sources: string[]): { path: string; out: string } {
  const out = temporaryFolder(context);
  const code = sources.map((source, index) => ({
    cell_type: "code",
    id: `c${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const cells = [{ cell_type: "markdown", id: "m", metadata: {}, source: PROSE }, ...code];
  const path = join(out, "source.ipynb");
  writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return { path, out: temporaryFolder(context) };
}

function options(out: string, write: (text: string) => void = () => {}) {
  const env = { ...process.env, RNNLAB_SIZE: "quick" };
  return { python: venvPython(), out, size: "quick", env, write, kernel: KERNEL } as const;
}

test("executeNotebook() runs every cell, writes notebook and HTML, and returns the report's figures", async (context) => {
  const { path, out } = notebook(
    context,
    "import os; print(os.environ['RNNLAB_SIZE'])",
    "2 + 2",
    REPORT.replace("PASSED", "True"),
  );
  let progress = "";
  const result = await executeNotebook(
    path,
    options(out, (text) => {
      progress += text;
    }),
  );
  const { seconds, ...rest } = result;
  assert.ok(seconds > 0);
  assert.deepEqual(rest, {
    notebook: "source",
    data: "real",
    size: "quick",
    passed: true,
    error: null,
    figures: { rmse: 3.5 },
  });
  const executed = JSON.parse(readFileSync(join(out, "source.ipynb"), "utf8"));
  assert.equal(executed.cells[1].outputs[0].text.join(""), "quick\n");
  const page = readFileSync(join(out, "source.html"), "utf8");
  const set = [...page.matchAll(/<annotation encoding="application\/x-tex">([^<]*)</g)].map(([, tex]) => tex);
  assert.deepEqual(set, ["x_t", "a &lt; b", String.raw`\begin{align} c &amp;= d \\ e &amp;= f \end{align}`]);
  assert.match(page, /<code>\$code\$<\/code>/);
  assert.match(page, /<li class="h2"><a href="#Part-one">Part one<\/a>/);
  const links = [...page.matchAll(/<a href="([^"#][^"]*)"/g)].map(([, target]) => target);
  assert.deepEqual(links, ["other.html#2-Words", "https://example.org/a.ipynb"]);
  assert.doesNotMatch(page, /(?:src|<link[^>]*href)="https?:|MathJax|require\.js/);
  assert.match(
    progress,
    /^ {2}1\/3 {2}Part one +\d+\.\d s\n {2}2\/3 {2}2 \+ 2 +\d+\.\d s\n {2}3\/3 {2}from IPython/,
  );
});

test("executeNotebook() reports the failing cell's error and still writes both files", async (context) => {
  const { path, out } = notebook(
    context,
    "print('before')",
    "raise ValueError('must be positive')",
    "print('after')",
  );
  const result = await executeNotebook(path, options(out));
  assert.equal(result.passed, false);
  assert.equal(result.error, "ValueError: must be positive");
  assert.equal(result.data, null);
  const executed = JSON.parse(readFileSync(join(out, "source.ipynb"), "utf8"));
  assert.equal(executed.cells[1].outputs[0].text.join(""), "before\n");
  assert.deepEqual(executed.cells[3].outputs, []);
  assert.equal(existsSync(join(out, "source.html")), true);
});

test("executeNotebook() fails a notebook whose report holds an unmet check", async (context) => {
  const { path, out } = notebook(context, REPORT.replace("PASSED", "False"));
  const result = await executeNotebook(path, options(out));
  assert.equal(result.passed, false);
  assert.equal(result.error, "not met: rmse");
});

test("executeNotebook() reports a kernel that dies", async (context) => {
  const { path, out } = notebook(context, "import os; os._exit(1)");
  const result = await executeNotebook(path, options(out));
  assert.equal(result.passed, false);
  assert.match(result.error ?? "", /DeadKernelError/);
});

test("executeNotebook() lets the kernel's process print", async (context) => {
  const { path, out } = notebook(context, "import os; os.write(1, b'not an event\\n')", "2 + 2");
  const { passed, error } = await executeNotebook(path, options(out));
  assert.deepEqual({ passed, error }, { passed: true, error: null });
});

test("executeNotebook() reports a kernel that is not installed", async (context) => {
  const { path, out } = notebook(context, "1");
  const result = await executeNotebook(path, { ...options(out), kernel: "no-such-kernel" });
  assert.match(result.error ?? "", /NoSuchKernel/);
});

test("executeNotebook() ends the notebook and its kernel when it is interrupted", async (context) => {
  const file = join(temporaryFolder(context), "pid");
  const stop = new AbortController();
  const code = `import os, time; open(${JSON.stringify(file)}, "w").write(str(os.getpid())); print("x")\ntime.sleep(600)`;
  const { path, out } = notebook(context, code);
  const running = executeNotebook(path, { ...options(out), signal: stop.signal });
  const pid = await fileContent(file);
  stop.abort();
  assert.equal((await running).error, "interrupted");
  await until(
    () => !isAlive(pid),
    10_000,
    () => `kernel ${pid} still lives`,
  );
});

async function fileContent(path: string): Promise<number> {
  const { watch } = await import("node:fs");
  const watcher = watch(join(path, ".."));
  while (!existsSync(path) || readFileSync(path, "utf8") === "") await once(watcher, "change");
  watcher.close();
  return Number(readFileSync(path, "utf8"));
}
