import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../../src/platform/package-root.js";
import type { Summary } from "../../../tools/campaign/report.js";
import { python, run } from "../../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-campaign-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const script = join(packageRoot, "dist/scripts/soak.js");

async function campaign(...words: string[]) {
  const output = join(folder, "campaign.json");
  const outcome = await run(process.execPath, [script, "--campaign", "--output", output, ...words], {
    milliseconds: 300_000,
  });
  const lines = outcome.stdout.trimEnd().split("\n");
  return {
    ...outcome,
    last: lines.at(-1),
    summary: () => JSON.parse(readFileSync(output, "utf8")) as Summary,
  };
}

/** Writes a kernel.json for a command. */
function spec(argv: readonly string[], language: string): string {
  const path = join(folder, "kernel.json");
  writeFileSync(
    path,
    JSON.stringify({ argv, language, display_name: "under test", interrupt_mode: "message" }),
  );
  return path;
}

test("the campaign counts the tries that held, with their times, and exits with 0", async () => {
  const { status, last, stdout, summary } = await campaign(
    ...["--seed", "1", "--parts", "interrupts", "--round", "0", "--kind", "counting"],
  );
  assert.equal(status, 0, stdout);
  assert.equal(last, "1 passed, 0 failed");
  const { rows, seed, node } = summary();
  assert.deepEqual({ seed, node }, { seed: 1, node: process.version });
  const [row] = rows;
  assert.ok(row?.latency !== undefined && row.latency.max < 20_000);
  assert.deepEqual(rows, [
    { part: "interrupts", kind: "counting", tried: 1, lost: 0, hung: 0, leftOver: 0, latency: row.latency },
  ]);
});

test("a kernel that ends at once is lost, with the command that repeats it, and the exit status is 1", async () => {
  const path = spec([process.execPath, "-e", "process.exit(3)"], "typescript");
  const words = ["--seed", "2", "--parts", "messages", "--round", "4", "--kind", "parts missing, shell, 0"];
  const { status, last, summary } = await campaign(...words, "--kernel", path);
  assert.deepEqual({ status, last }, { status: 1, last: "0 passed, 1 failed" });
  const [failure] = summary().failures;
  assert.equal(failure?.fault, "lost");
  const repeating = `npm run soak -- --campaign ${words.slice(0, -1).join(" ")} "parts missing, shell, 0" --kernel "${path}"`;
  assert.equal(failure?.command, repeating);
});

test("a kernel that prints something else than it should loses output", async () => {
  const program = `import builtins
real = builtins.print
builtins.print = lambda *words, **options: real(*words, "x", **options)
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()`;
  const { status, summary } = await campaign(
    ...["--seed", "3", "--parts", "globals", "--round", "0", "--kind", "uuid.uuid4 becomes undefined"],
    ...["--kernel", spec([python(), "-c", program, "-f", "{connection_file}"], "python")],
  );
  assert.equal(status, 1);
  assert.match(summary().failures[0]?.message ?? "", /shows "alive x\\n"/);
});

test("the campaign drives ipykernel in its own language", async () => {
  const path = spec([python(), "-m", "ipykernel_launcher", "-f", "{connection_file}"], "python");
  const { status, last, stdout } = await campaign(
    ...["--seed", "4", "--parts", "interrupts", "--round", "0", "--kind", "counting", "--kernel", path],
  );
  assert.equal(status, 0, stdout);
  assert.equal(last, "1 passed, 0 failed");
});

const refused: readonly (readonly [words: readonly string[], message: string])[] = [
  [["--minutes", "0"], "--minutes must be a positive number, got 0"],
  [["--seed", "x"], "--seed must be an integer of at least 0, got x"],
  [
    ["--parts", "messages", "--round", "0", "--kind", "no such kind"],
    'nothing in messages is named "no such kind"',
  ],
  [
    ["--parts", "cells,tests"],
    "--parts must be among cells, nbconvert, interrupts, kills, globals, messages, files, saves, got tests",
  ],
];

for (const [words, message] of refused) {
  test(`the campaign refuses ${words.join(" ")}`, async () => {
    const { status, stderr } = await campaign(...words);
    assert.deepEqual({ status, stderr }, { status: 2, stderr: `Cannot run the campaign: ${message}\n` });
  });
}
