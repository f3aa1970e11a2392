import assert from "node:assert/strict";
import { test } from "node:test";
import { typeErrors } from "../../../scripts/checks/typed-notebooks.js";

const code = (source: string) => ({ cell_type: "code", source, metadata: {} });

test("typeErrors() knows the cells above, passes over markdown, and names cell, line and column", () => {
  const cells = [
    code("const width: number = 2;"),
    { cell_type: "markdown", source: "const width = ;", metadata: {} },
    code("const twice = 2 * width;"),
    code("\nconst text: string = width;"),
  ];
  assert.deepEqual(typeErrors("n.ipynb", { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }), [
    "n.ipynb: cell 4, 2:7: TS2322: Type 'number' is not assignable to type 'string'.",
  ]);
});
