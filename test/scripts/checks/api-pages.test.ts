import assert from "node:assert/strict";
import { test } from "node:test";
import { apiPages, outdatedPages } from "../../../scripts/checks/api-pages.js";

test("apiPages() has a page for each module, with every export as help() writes it", () => {
  const pages = apiPages();
  const page = pages.get("training.md") ?? "";
  for (const part of [
    "# rnnlab/training\n",
    "\n- [`fit`](#fit) – Trains a compiled model",
    "\n- [`EarlyStopping`](#earlystopping) –",
    "\n- [`earlyStopping`](#earlystopping-1) –",
    "\n## fit\n\n```typescript\nfunction fit<Keep extends KeepWeights | undefined = undefined>(model: tf.LayersModel,",
    "\n- `batchSize?: number` – Samples a step",
    "\n## FitOptions\n",
  ]) {
    assert.ok(page.includes(part), part);
  }
  assert.match(pages.get("README.md") ?? "", /\n- \[`rnnlab\/plot`\]\(plot\.md\): .*`barFigure`/);
});

test("outdatedPages() tells pages that differ, are missing, or are of no module", () => {
  const expected = new Map(Object.entries({ "a.md": "1", "b.md": "2", "c.md": "3" }));
  const found = new Map(Object.entries({ "a.md": "1", "b.md": "0", "d.md": "4" }));
  assert.deepEqual(outdatedPages(expected, found), [
    "docs/api/b.md is not what the declarations say",
    "docs/api/c.md is missing",
    "docs/api/d.md is of no module",
  ]);
});
