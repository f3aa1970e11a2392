import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookProject } from "./notebook-project.js";

const PARAMETERS = {
  source: 'let rate = 0.1;\nlet seed = 0;\nlet kind: "quiet" | "loud" = "quiet";\nlet sizes: number[] = [1];',
  tags: ["parameters"],
};
/** Fails with one seed; keeps a line a run in a file, as a witness. */
const REPORT = {
  source: `import { appendFileSync } from "node:fs";
import { report } from "rnnlab/sweep";
appendFileSync("witness.txt", \`\${rate} \${seed} \${kind} \${sizes}\\n\`);
report({ loss: rate * (seed + 1) });
if (seed === 1) throw new Error("no luck,\\nnone");`,
};

function sweepProject(context: Parameters<typeof notebookProject>[0]) {
  const project = notebookProject(context);
  const { folder } = project;
  const witness = (): string[] =>
    existsSync(join(folder, "witness.txt"))
      ? readFileSync(join(folder, "witness.txt"), "utf8").trim().split("\n").sort()
      : [];
  const results = (name = "a.sweep") => JSON.parse(readFileSync(join(folder, name, "results.json"), "utf8"));
  return { ...project, witness, results, sweep: (...args: string[]) => project.rnnlab("sweep", ...args) };
}

test("rnnlab sweep runs a grid once, makes rows of its figures and errors, and goes on from there", (context) => {
  const { folder, write, witness, results, sweep } = sweepProject(context);
  write("a.ipynb", [PARAMETERS, REPORT]);
  const grid = ["a.ipynb", "--vary", "rate=0.5,.25", "--vary", "seed=0..1", "--workers", "2"];
  const first = sweep(...grid, "-p", "kind=loud", "--metric", "loss");
  assert.equal(first.status, 1, first.stderr);
  assert.deepEqual(witness(), ["0.25 0 loud 1", "0.25 1 loud 1", "0.5 0 loud 1", "0.5 1 loud 1"]);
  const error = "cell 3, Error: no luck, none";
  const rows = results().runs.map((run: Record<string, unknown>) => [
    run.parameters,
    run.status,
    run.error,
    run.figures,
  ]);
  const row = (rate: number, seed: number) => [
    { kind: "loud", rate, seed },
    ...(seed === 1 ? ["failed", error] : ["ok", undefined]),
    { loss: rate * (seed + 1) },
  ];
  assert.deepEqual(rows, [row(0.5, 0), row(0.5, 1), row(0.25, 0), row(0.25, 1)]);
  assert.match(first.stdout, /\nkind +rate +seed +loss +seconds +status +error\nloud +0\.5/);
  assert.match(first.stdout, /\nLeast loss: 0\.25 with kind=loud, rate=0\.25, seed=0\n/);
  const csv = readFileSync(join(folder, "a.sweep/results.csv"), "utf8").split("\r\n");
  assert.equal(csv[0], "kind,rate,seed,loss,seconds,status,error");
  assert.match(csv[2] ?? "", /^loud,0\.5,1,1,[\d.]+,failed,"cell 3, Error: no luck, none"$/);
  assert.match(readFileSync(join(folder, "a.sweep/results.svg"), "utf8"), /^<svg/);
  assert.match(
    readFileSync(join(folder, "a.sweep/results.html"), "utf8"),
    /Plotly|rnnlab-figure[\s\S]*<table/,
  );

  // All have ended; a figure that nobody reports is told, and runs nothing anew.
  const again = sweep(...grid, "-p", "kind=loud", "--metric", "accuracy");
  assert.equal(again.status, 1);
  assert.match(again.stderr, /^rnnlab: Cannot draw accuracy \(--metric\): a run must report it, got loss; /);
  // More values: only what is missing runs.
  const wider = sweep("a.ipynb", "--vary", "rate=0.5", "--vary", "seed=0,2", "-p", "kind=loud", "--json");
  assert.equal(wider.status, 0, wider.stderr);
  assert.match(
    wider.stderr,
    /^The parameters have changed since the last time: 1 of 4 runs are kept, and 3 are left out/,
  );
  assert.deepEqual(
    JSON.parse(wider.stdout).runs.map(({ parameters }: { parameters: { seed: number } }) => parameters.seed),
    [0, 2],
  );
  assert.equal(witness().length, 5);
  // Another notebook is another sweep.
  write("a.ipynb", [PARAMETERS, REPORT, { source: "1" }]);
  const changed = sweep(...grid);
  assert.equal(changed.status, 1);
  assert.match(
    changed.stderr,
    /^rnnlab: Cannot continue the sweep in a\.sweep: the notebook has changed since its 5 runs; --restart /,
  );
  assert.equal(witness().length, 5);
});

test("rnnlab sweep says of a damaged run what to do, and --restart does all of them anew", (context) => {
  const { folder, write, witness, results, sweep } = sweepProject(context);
  write("a.ipynb", [PARAMETERS, REPORT]);
  const grid = ["a.ipynb", "--vary", "seed=0,2", "--workers", "2"];
  assert.equal(sweep(...grid).status, 0);
  const [{ id }] = results().runs;
  const path = join("a.sweep/runs", `${id}.json`);
  for (const [text, pattern] of [
    [
      '{ "id": ',
      /^rnnlab: Cannot read a\.sweep\/runs\/.*JSON.*; delete it, and rnnlab sweep does the run anew\n$/,
    ],
    [`{ "id": "${id}" }`, /: its parameters must be an object, got undefined; delete it, /],
  ] as const) {
    writeFileSync(join(folder, path), text);
    const { status, stderr } = sweep(...grid);
    assert.match(stderr, pattern);
    assert.equal(status, 1);
  }
  assert.equal(witness().length, 2);
  rmSync(join(folder, path));
  assert.match(sweep(...grid).stdout, /^1 runs on 2 local processes\n/);
  assert.equal(witness().length, 3);
  writeFileSync(join(folder, path), "");
  assert.match(sweep(...grid, "--restart").stdout, /^2 runs on 2 local processes\n/);
  assert.deepEqual([witness().length, results().finished], [5, 2]);
});

test("rnnlab sweep writes no text into its CSV that a spreadsheet would compute", (context) => {
  const { folder, write, results, sweep } = sweepProject(context);
  const formula = { source: 'let rate = 0.1;\nlet title = "";', tags: ["parameters"] };
  write("a.ipynb", [
    formula,
    { source: 'import { report } from "rnnlab/sweep";\nreport({ "=loss": -rate });' },
  ]);
  const titles = ["=1+1", "+1", "-1", "@SUM(A1)", "plain"];
  const vary = titles.map((title) => JSON.stringify(title)).join(",");
  assert.equal(sweep("a.ipynb", "--vary", `title=${vary}`, "--vary", "rate=-1").status, 0);
  const lines = readFileSync(join(folder, "a.sweep/results.csv"), "utf8").trim().split("\r\n");
  const columns = lines.map((line) => line.split(",").slice(0, 3).join(","));
  const rows = titles.map((title) => `${title === "plain" ? title : `'${title}`},-1,1`);
  assert.deepEqual(columns, ["title,rate,'=loss", ...rows]);
  const read = results().runs.map(({ parameters }: { parameters: { title: string } }) => parameters.title);
  assert.deepEqual(read, titles);
});

test("rnnlab sweep draws samples that stay as they are when there are more of them", (context) => {
  const { folder, write, witness, results, sweep } = sweepProject(context);
  write("a.ipynb", [PARAMETERS, REPORT]);
  const space = [
    "--vary",
    "rate=0.001..0.1:log",
    "--vary",
    "seed=2..1000",
    "--vary",
    "sizes=[1,2],[3]",
    "--seed",
    "5",
  ];
  assert.equal(sweep("a.ipynb", "--samples", "1", ...space, "--notebooks").status, 0);
  const [one] = results().runs;
  const more = sweep("a.ipynb", "--samples", "2", ...space, "--notebooks");
  assert.equal(more.status, 0);
  assert.match(more.stdout, /: 1 of 1 runs are kept\n/);
  assert.deepEqual([results().runs[0], results().total, witness().length], [one, 2, 2]);
  for (const { id, parameters } of results().runs) {
    const { rate, seed, sizes } = parameters;
    assert.ok(rate >= 0.001 && rate <= 0.1 && Number.isInteger(seed) && seed >= 2 && seed <= 1000);
    assert.ok(["[1,2]", "[3]"].includes(JSON.stringify(sizes)));
    const executed = readFileSync(join(folder, "a.sweep/notebooks", `${id}.ipynb`), "utf8");
    assert.match(executed, /injected-parameters/);
  }
});

test("rnnlab sweep says what cannot be swept before anything runs", (context) => {
  const { folder, write, witness, sweep } = sweepProject(context);
  write("a.ipynb", [PARAMETERS, REPORT]);
  write("untagged.ipynb", [REPORT]);
  writeFileSync(join(folder, "file"), "");
  const bad: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 2, /^rnnlab: sweep takes one notebook, got none\n/],
    [["a.ipynb"], 2, /^rnnlab: sweep needs --vary NAME=VALUES/],
    [["a.ipynb", "--vary", "seed"], 2, /^rnnlab: --vary takes NAME=VALUE, got "seed"\n/],
    [["a.ipynb", "--vary", "seed=9..0"], 2, /^rnnlab: Cannot vary seed: .*got 9\.\.0, which is empty\n/],
    [
      ["a.ipynb", "--vary", "seed="],
      2,
      /^rnnlab: Cannot vary seed: there must be a value between commas, got ""/,
    ],
    [
      ["a.ipynb", "--vary", "rate=0.1..0.2"],
      2,
      /^rnnlab: Cannot vary rate: a grid needs single values or a step/,
    ],
    [
      ["a.ipynb", "--vary", "rate=0..1:log", "--samples", "2"],
      2,
      /^rnnlab: .* logarithmic range must be greater than 0/,
    ],
    [
      ["a.ipynb", "--vary", "seed=0..1", "--samples", "3"],
      2,
      /^rnnlab: --samples must be at most .* 2, got 3\n/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1..20000"],
      2,
      /^rnnlab: a sweep must have at most 10000 runs, unless --yes .* got 20000\n/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--vary", "seed=2"],
      2,
      /^rnnlab: a parameter must be given once, got seed twice\n/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--workers", "0"],
      2,
      /^rnnlab: --workers must be an integer from 1 to 1000, got "0"\n/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--workers", "1", "--ray", "auto"],
      2,
      /^rnnlab: choose one of --workers and --ray\n/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--study", "s.db", "--samples", "3"],
      2,
      /^rnnlab: --study needs --metric NAME/,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--timeout", "soon"],
      2,
      /^rnnlab: --timeout must be a number of seconds/,
    ],
    [["none.ipynb", "--vary", "seed=1"], 1, /^rnnlab: Cannot read none\.ipynb: ENOENT/],
    [["a.ipynb", "--vary", "seed=1,1.0"], 2, /^rnnlab: Cannot vary seed: .* each value once, got 1 twice\n/],
    [
      ["a.ipynb", "--vary", "seed=1,x", "--vary", "speed=2"],
      2,
      /^rnnlab: Cannot set seed: .* number.* got x\n.*\nCannot set speed: /,
    ],
    [["untagged.ipynb", "--vary", "seed=1"], 2, /^rnnlab: Cannot set parameters of untagged\.ipynb: /],
    [
      ["a.ipynb", "--vary", "seed=1", "--output", "file/x"],
      1,
      /^rnnlab: Cannot write the sweep to file\/x: /,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--dask", "tcp://127.0.0.1:1", "--python", "nowhere"],
      1,
      /^rnnlab: Cannot sweep on Dask at .*: nowhere cannot be started: /m,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--dask", "tcp://127.0.0.1:1"],
      1,
      /^rnnlab: Cannot sweep on Dask at .* has no package distributed; run: .* -m pip install "distributed"/m,
    ],
    [
      ["a.ipynb", "--vary", "seed=1", "--ray", "auto"],
      1,
      /^rnnlab: Cannot sweep on Ray at auto: .* has no package ray; run: /m,
    ],
    [
      [
        "a.ipynb",
        "--vary",
        "seed=1..9",
        "--study",
        "s.db",
        "--samples",
        "3",
        "--metric",
        "loss",
        "--output",
        "b",
      ],
      1,
      /^rnnlab: Cannot use the study s\.db: .* has no package optuna; run: /m,
    ],
  ];
  for (const [args, expected, pattern] of bad) {
    const { status, stderr } = sweep(...args);
    assert.match(stderr, pattern);
    assert.equal(status, expected, args.join(" "));
  }
  assert.deepEqual(witness(), []);
});

test("rnnlab sweep begins a run anew whose process has died, and gives up in the end", (context) => {
  const { write, witness, results, sweep } = sweepProject(context);
  // The parent of a session is the process of the run.
  const die = {
    source:
      'if (kind === "loud" || !existsSync("died")) {\n  writeFileSync("died", "");\n  process.kill(process.ppid, "SIGKILL");\n  await new Promise(() => {});\n}',
  };
  const imports = { source: 'import { existsSync, writeFileSync } from "node:fs";' };
  write("a.ipynb", [PARAMETERS, imports, die, REPORT]);
  const { status, stdout } = sweep(
    "a.ipynb",
    "--vary",
    'kind="quiet",loud',
    "--retries",
    "1",
    "--workers",
    "1",
  );
  assert.equal(status, 1);
  assert.match(stdout, /\nkind=quiet is begun anew: the run's process was ended by SIGKILL\n/);
  const rows = results().runs.map((run: Record<string, unknown>) => [run.status, run.attempts, run.error]);
  assert.deepEqual(rows, [
    ["ok", 2, undefined],
    ["failed", 2, "the run's process was ended by SIGKILL"],
  ]);
  assert.deepEqual(witness(), ["0.1 0 quiet 1"]);
});

test("rnnlab sweep ends a run whose time is over, and does failed runs anew when it is told to", (context) => {
  const { folder, write, results, sweep } = sweepProject(context);
  const wait = {
    source: 'import { existsSync } from "node:fs";\nif (!existsSync("go")) await new Promise(() => {});',
  };
  write("a.ipynb", [PARAMETERS, wait, REPORT]);
  const late = sweep("a.ipynb", "--vary", "seed=2", "--timeout", "0.5");
  assert.equal(late.status, 1);
  assert.equal(results().runs[0].error, "the run must end within 0.5 s (--timeout), and was stopped");
  mkdirSync(join(folder, "go"));
  const again = sweep("a.ipynb", "--vary", "seed=2", "--redo-failed");
  assert.equal(again.status, 0, again.stderr);
  assert.deepEqual([results().runs[0].status, readdirSync(join(folder, "a.sweep/runs")).length], ["ok", 1]);
});
