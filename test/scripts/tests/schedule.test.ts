import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inOrder, isUnit, PLACES, placesOf } from "../../../scripts/tests/schedule.js";
import { packageRoot } from "../../../src/platform/package-root.js";

const folder = join(packageRoot, "test");
const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".test.ts"),
);

test("inOrder() begins the longest files first and loses none", () => {
  const ordered = inOrder(names);
  assert.equal(ordered[0], "browser/lectures-first.test.ts");
  assert.deepEqual([...ordered].sort(), [...names].sort());
});

test("placesOf() gives a browser more places than a unit test, and no file more than there are", () => {
  assert.ok(placesOf("browser/lectures-first.test.ts") > placesOf("plot/ticks.test.ts"));
  assert.ok(names.every((name) => placesOf(name) <= PLACES));
});

test("no unit test starts a kernel, a browser or a Python", () => {
  const starts =
    /\b(useKernel|KernelClient|launchChromium|JupyterServer|notebookFolder|installKernel|venvPython)\b/;
  const wrong = names.filter((name) => isUnit(name) && starts.test(readFileSync(join(folder, name), "utf8")));
  assert.deepEqual(wrong, []);
  assert.ok(names.filter(isUnit).length > 80);
});
