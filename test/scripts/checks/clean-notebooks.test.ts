import assert from "node:assert/strict";
import { test } from "node:test";
import { uncleanness } from "../../../scripts/checks/clean-notebooks.js";

const CLEAN = {
  cell_type: "code",
  id: "a",
  source: "1",
  metadata: { tags: ["parameters"] },
  outputs: [],
  execution_count: null,
};
const notebook = (cells: object[], metadata: object = {}) => ({
  cells: cells as never,
  metadata: { kernelspec: { name: "rnnlab" }, language_info: { name: "typescript" }, ...metadata },
  nbformat: 4,
  nbformat_minor: 5,
});

test("uncleanness() accepts a notebook as it is committed", () => {
  assert.deepEqual(uncleanness("n.ipynb", notebook([CLEAN, { ...CLEAN, id: "b" }])), []);
});

test("uncleanness() names everything that running or a front end left", () => {
  const dirty = [
    { ...CLEAN, outputs: [{}] },
    { ...CLEAN, id: "b", execution_count: 3 },
    { ...CLEAN, id: "b", metadata: { collapsed: true } },
    { cell_type: "markdown", source: "", metadata: {} },
  ];
  assert.deepEqual(
    uncleanness("n.ipynb", notebook(dirty, { widgets: {}, kernelspec: { name: "python3" } })),
    [
      "n.ipynb: metadata must be kernelspec and language_info only, got widgets",
      "n.ipynb: the kernel must be rnnlab, got python3",
      "n.ipynb: cell 1 has outputs",
      "n.ipynb: cell 2 has an execution count",
      "n.ipynb: cell 3 has the id b of another cell",
      "n.ipynb: cell 3 has metadata: collapsed",
      "n.ipynb: cell 4 has no id",
    ],
  );
});
