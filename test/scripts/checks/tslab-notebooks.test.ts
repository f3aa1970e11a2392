import assert from "node:assert/strict";
import { test } from "node:test";
import { tslabFaults } from "../../../scripts/checks/tslab-notebooks.js";

const faults = (...sources: string[]) =>
  tslabFaults("n.ipynb", {
    cells: sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index + 1}`,
      source,
      metadata: {},
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });

test("tslabFaults() finds shorthand properties of earlier cells, whatever declares them", () => {
  const problem = (name: string, cell = 2) =>
    `n.ipynb: cell ${cell} (cell-${cell}): { ${name} } must be written out as { ${name}: ${name} }, for ${name} is of an earlier cell`;
  assert.deepEqual(faults("let seed = 7;", "f({ seed });"), [problem("seed")]);
  assert.deepEqual(faults("const { size, kind: [a] } = g();", "f({ size, a });"), [
    problem("size"),
    problem("a"),
  ]);
  assert.deepEqual(faults('import { tf } from "rnnlab";', "1;", "const h = () => ({ tf });"), [
    problem("tf", 3),
  ]);
});

test("tslabFaults() accepts what is written out, and names that the cell declares itself", () => {
  assert.deepEqual(faults("let seed = 7;", "f({ seed: seed });"), []);
  assert.deepEqual(faults("let seed = 7;", "for (const seed of [1]) f({ seed });"), []);
  assert.deepEqual(faults("const f = (inner: number) => inner;", "const inner = 2; f({ inner });"), []);
  assert.deepEqual(faults("const f = (inner: number) => inner;", "f({ inner });"), []);
});

test("tslabFaults() finds `for await` outside functions", () => {
  assert.deepEqual(
    faults("for await (const x of y) f(x);", "async () => { for await (const x of y) f(x); };"),
    ["n.ipynb: cell 1 (cell-1): `for await` must be inside a function"],
  );
});
