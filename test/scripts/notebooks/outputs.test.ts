import assert from "node:assert/strict";
import { test } from "node:test";
import { outputDifferences, outputKinds } from "../../../scripts/notebooks/outputs.js";

const stream = (name: string, text: string | string[]) => ({ output_type: "stream", name, text });
const code = (...outputs: object[]) => ({ cell_type: "code", outputs: outputs as { output_type: string }[] });

test("outputKinds() keeps order, streams with lines, MIME types and names of errors, and no values", () => {
  const cells = [
    { cell_type: "markdown" },
    code(
      stream("stdout", ["a\n", "b"]),
      stream("stdout", "\n"),
      stream("stderr", "c\n"),
      stream("stdout", "d\n"),
    ),
    code(),
    code(
      { output_type: "display_data", data: { "text/plain": "0.31", "text/html": "<b>" } },
      { output_type: "execute_result", data: { "text/plain": "0.32" } },
      { output_type: "error", ename: "RangeError" },
    ),
  ];
  assert.deepEqual(outputKinds({ cells }), [
    ["stdout of 2 lines", "stderr of 1 lines", "stdout of 1 lines"],
    [],
    ["display_data of text/html, text/plain", "execute_result of text/plain", "error RangeError"],
  ]);
});

test("outputDifferences() names each cell whose outputs are lost, new or others, and no others", () => {
  const runs = [["a", "b"], ["c"], []];
  assert.deepEqual(outputDifferences(runs, runs), []);
  assert.deepEqual(outputDifferences(runs, [["a"], ["d"], ["e"], ["f"]]), [
    "code cell 1: a + b before, a now",
    "code cell 2: c before, d now",
    "code cell 3: nothing before, e now",
    "code cell 4: nothing before, f now",
  ]);
});
