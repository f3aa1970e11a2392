import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadModel } from "rnnlab/models";
import { packageRoot } from "../../src/platform/package-root.js";
import { kerasFile } from "./keras-files.js";
import { refusedByVersion } from "./refused-by-version.js";
import { refusedModels } from "./refused-models.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-refusals-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const refused = [...refusedModels, ...refusedByVersion];
const messages: string[] = [];

before(async () => {
  for (const [i, [model, version]] of refused.entries()) {
    const path = join(folder, `${i}.json`);
    writeFileSync(path, JSON.stringify({ ...(model as object), keras_version: version }));
    const error: unknown = await loadModel(path, { weights: kerasFile("electricity.weights.h5") }).catch(
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RangeError, `${i}: ${error}`);
    messages.push(error.message);
  }
});

for (const [i, [, version, expected, help]] of refused.entries()) {
  test(`a refusal says what is wrong, in which version, and what would help: ${expected.source}`, () => {
    const start = `Cannot read ${join(folder, `${i}.json`)} (by Keras ${version}): `;
    const message = messages[i] as string;
    assert.equal(message.slice(0, start.length), start);
    assert.match(message.slice(start.length), expected);
    assert.ok(message.endsWith(`; ${help}`), message);
  });
}

/** Rules that these models cannot break, as those of another kind come first, with the tests that do. */
const elsewhere: readonly RegExp[] = [
  /nested at most/, // hostile-files
  /MultiHeadAttention takes the mask away/, // attention: attending and heads of keras-layers
  /must be one that Keras 3 has/, // of writing
  /masks by their names/,
  /inputs and outputs must be lists/,
  /lead from its inputs to its outputs/,
];

test("each rule in the code is one of those above", () => {
  const directory = join(packageRoot, "src/models/keras");
  const files = [
    "keras-values",
    "masks",
    "read-calls",
    "read-config",
    "read-graph",
    "read-operations",
    "slices",
    "state-order",
    "taken-masks",
  ];
  assert.ok(files.every((name) => readdirSync(directory).includes(`${name}.ts`)));
  const rules = files.flatMap((name) => {
    const source = readFileSync(join(directory, `${name}.ts`), "utf8");
    return [...source.matchAll(/(?:[rR]efuse(?:It)?|\))\(\s*(["`])((?:(?!\1)[^\\])*)\1/g)]
      .map(([, , rule = ""]) => rule)
      .filter((rule) => /\bmust\b/.test(rule));
  });
  assert.ok(rules.length > 40, `found ${rules.length}`);
  const parts = rules.map(
    (rule) => rule.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/).sort((a, b) => b.length - a.length)[0] as string,
  );
  const missing = parts.filter(
    (part) =>
      !messages.some((message) => message.includes(part)) && !elsewhere.some((known) => known.test(part)),
  );
  assert.deepEqual(missing, []);
});
