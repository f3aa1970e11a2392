import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, tf } from "rnnlab";
import type { DisplayHost, DisplayMessage } from "rnnlab/display";

test("in a notebook the first recurrent layer says below the cell which ops it runs on", () => {
  const published: DisplayMessage[] = [];
  const host = Symbol.for("rnnlab.displayHost");
  (globalThis as { [host]?: DisplayHost })[host] = {
    publish: (message) => published.push(message),
    clear: () => undefined,
    cell: { id: "first", executionCount: 1 },
  };
  const layer = layers.lstm({ units: 1 });
  for (let i = 0; i < 2; i++) layer.apply(tf.zeros([1, 2, 1]));
  assert.equal(published.length, 1);
  assert.match(String(published[0]?.data["text/plain"]), /^rnnlab: recurrent layers run on /);
  assert.match(String(published[0]?.data["text/html"]), /role="status"/);
});
