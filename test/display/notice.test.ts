import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DownloadBar } from "../../src/datasets/download/download-bar.js";
import { registry } from "../../src/datasets/registry.js";
import { notifyByDefault } from "../../src/display/notice.js";
import { recordDisplay } from "../display/recorded-display.js";

const published = recordDisplay();
const plainTexts = (): unknown[] => published.map(({ data }) => data["text/plain"]);

describe("notifyByDefault()", () => {
  it("shows the notice below the cell, escaped", () => {
    notifyByDefault("sample used: <none>");
    assert.deepEqual(plainTexts(), ["sample used: <none>"]);
    assert.match(String(published[0]?.data["text/html"]), /role="status".*sample used: &lt;none&gt;/);
  });
});

describe("DownloadBar", () => {
  it("shows one bar that grows and ends, also where the total is not known", () => {
    const bar = new DownloadBar(registry.electricity);
    bar.update({ received: 1500, total: undefined });
    bar.update({ received: 19_001, total: undefined });
    bar.finish();
    assert.equal(plainTexts().at(-1), "[======================= ] electricity: 20 kB downloaded, done");
    assert.equal(new Set(published.map(({ displayId }) => displayId)).size, 1);
    assert.deepEqual(
      published.map(({ update }) => update ?? false),
      [false, true],
    );
  });

  it("shows nothing when nothing came", () => {
    new DownloadBar(registry.electricity).finish();
    assert.deepEqual(published, []);
  });
});
