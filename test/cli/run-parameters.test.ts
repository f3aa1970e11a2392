import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookProject } from "./notebook-project.js";

const DECLARED = `const rate = 0.1;
let kind: "gru" | "lstm" = "gru";
let title = "ten";
let verbose = false, limit: number | null = null;
const sizes = [1, 2];
const layer: Layer = { units: 4 };
let big = 5n;
const [low, high] = [0, 1];`;

const cellsWith = (declared: string) => [
  { source: "interface Layer { units: number; name?: string }" },
  { type: "markdown" as const, source: "# Parameters" },
  { source: declared, tags: ["parameters"] },
  { source: "console.log(JSON.stringify([rate, kind, title, verbose, limit, sizes, layer, low]), big);" },
];

test("rnnlab run reads parameters by their declared types, and adds the cell that sets them", (context) => {
  const { folder, write, rnnlab, cells } = notebookProject(context);
  write("model.ipynb", cellsWith(DECLARED));
  writeFileSync(join(folder, "more.yaml"), "rate: 1e-3\nsizes: [3, 4]\nlayer:\n  units: 8\n  __proto__: x\n");
  const given = [
    "kind=lstm",
    "title=10",
    "verbose=true",
    "limit=-2.5",
    'layer={"units": 9}',
    "big=12",
    "low=-1",
  ];
  const args = given.flatMap((pair) => ["-p", pair]);
  const { status, stdout } = rnnlab("run", "model.ipynb", "--parameters", "more.yaml", ...args, "--json");
  assert.equal(status, 0);
  const [report] = JSON.parse(stdout).notebooks;
  assert.equal(report.output, "model.executed.ipynb");
  assert.deepEqual(report.parameters, {
    rate: 0.001,
    sizes: [3, 4],
    layer: { units: 9 },
    kind: "lstm",
    title: "10",
    verbose: true,
    limit: -2.5,
    big: "12n",
    low: -1,
  });
  const written = cells("model.executed.ipynb");
  assert.deepEqual(written[3]?.metadata.tags, ["injected-parameters"]);
  assert.equal(
    written[3]?.source.join(""),
    `// Parameters
const rate: number = 0.001;
const sizes: number[] = [3, 4];
const layer: Layer = { units: 9 };
let kind: "gru" | "lstm" = "lstm";
let title: string = "10";
let verbose: boolean = true;
let limit: number | null = -2.5;
let big: bigint = 12n;
const low: number = -1;`,
  );
  assert.deepEqual(written[4]?.outputs, [
    {
      name: "stdout",
      output_type: "stream",
      text: ['[0.001,"lstm","10",true,-2.5,[3,4],{"units":9},-1] 12n\n'],
    },
  ]);
  // Another run replaces the cell.
  const again = rnnlab(
    "run",
    "model.executed.ipynb",
    "-p",
    "limit=null",
    "-p",
    'title="a, b"',
    "--output",
    "again.ipynb",
  );
  assert.equal(again.status, 0);
  const rewritten = cells("again.ipynb");
  assert.equal(rewritten.length, written.length);
  assert.equal(
    rewritten[3]?.source.join(""),
    '// Parameters\nlet limit: number | null = null;\nlet title: string = "a, b";',
  );
});

test("rnnlab run refuses parameters that do not fit, before anything runs", (context) => {
  const { folder, write, rnnlab } = notebookProject(context);
  const cells = cellsWith(DECLARED);
  write("model.ipynb", cells);
  write("untagged.ipynb", [{ source: "const rate = 1" }]);
  write("twice.ipynb", [...cells, ...cells]);
  write("broken.ipynb", cellsWith("const rate = 1;\nlet x = ;"));
  writeFileSync(join(folder, "bad.yaml"), "rate: [1\n");
  for (const [args, pattern] of [
    [
      ["model.ipynb", "-p", "rate=fast"],
      /Cannot set rate: it must be of type number, as model\.ipynb declares it in cell 3, line 1, got fast\n {2}Type 'string'/,
    ],
    [
      ["model.ipynb", "-p", "kind=rnn"],
      /Cannot set kind: it must be of type "gru" \| "lstm", .*cell 3, line 2, got rnn/,
    ],
    [["model.ipynb", "-p", "layer={units: 3}"], /Cannot set layer: .*it is no JSON/s],
    [["model.ipynb", "-p", 'layer={"units":3,"size":1}'], /'size' does not exist in type 'Layer'/],
    [
      ["model.ipynb", "-p", "speed=1"],
      /Cannot set speed: it must be a parameter of model\.ipynb, whose cell 3 declares rate, kind/,
    ],
    [["untagged.ipynb", "-p", "rate=1"], /one code cell must have the tag "parameters", got none/],
    [["twice.ipynb", "-p", "rate=1"], /one code cell must have the tag "parameters", got cells 3 and 7/],
    [["broken.ipynb", "-p", "rate=1"], /cannot be parsed\nbroken\.ipynb, cell 3, line 2, column 9/],
    [["model.ipynb", "--parameters", "bad.yaml"], /Cannot read bad\.yaml: .* at line 2, column 1/],
  ] as const) {
    const { status, stderr } = rnnlab("run", ...args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /\[cell/);
  }
});
