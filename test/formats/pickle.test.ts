import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { hostilePickles } from "./hostile-pickles.js";

describe("the reader of pickles", () => {
  let folder: string;
  let answers: Map<string, string>;
  let megabytes: number;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rnnlab-pickle-"));
    const script = join(__dirname, "hostile-run.js");
    // An attack on memory would end this process.
    const args = ["--max-old-space-size=700", script, join(folder, "marker")];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 24 });
    assert.equal(stderr, "");
    const report: { results: [string, string][]; megabytes: number } = JSON.parse(stdout);
    answers = new Map(report.results);
    megabytes = report.megabytes;
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { does, refusal } of hostilePickles("")) {
    it(`refuses a pickle that ${does}`, () => {
      const answer = answers.get(does) ?? "";
      assert.match(answer, /^RangeError: Cannot read hostile\.npy: /);
      assert.match(answer, refusal);
    });
  }

  it("runs nothing of them", () => assert.equal(existsSync(join(folder, "marker")), false));

  it("takes less than a gigabyte for any of them", () => assert.ok(megabytes < 1000, `${megabytes} MB`));
});
