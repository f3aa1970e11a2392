import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLayers } from "../../src/models/keras/keras-layers.js";
import { packageRoot } from "../../src/platform/package-root.js";

const page = join(packageRoot, "docs/keras-layers.md");
const START = "<!-- layers -->\n";
const END = "\nFurther layers";

/** The table of the page, made from the table of the code. */
function table(): string {
  const rows = Object.entries(sharedLayers).map(([name, { fields, older = {}, fixed = {}, mask }]) => {
    const makes = fields.includes("mask_zero") || fields.includes("mask_value") ? "makes one" : undefined;
    const turns = fields.includes("return_sequences") || name === "Bidirectional";
    const found = makes ?? mask ?? (turns ? "keeps, with `return_sequences`" : "ends");
    const options = fields.map((field) => {
      const former = Object.keys(older).find((each) => older[each] === field);
      return `\`${field}\`${former ? ` (\`${former}\`)` : ""}`;
    });
    const only = Object.entries(fixed).map(([field, value]) => `\`${field}=${value}\``);
    return `| ${name} | ${options.join(", ")} | ${found} | ${only.join(", ")} |`;
  });
  return ["", "| layer | options | mask | only with |", "|---|---|---|---|", ...rows, ""].join("\n");
}

test("docs/keras-layers.md lists the layers of the code, with their options and masks", () => {
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.indexOf(START) + START.length, text.indexOf(END)];
  const expected = `${text.slice(0, before)}${table()}${text.slice(after)}`;
  // RNNLAB_WRITE_PAGES=1 writes the page instead.
  if (process.env.RNNLAB_WRITE_PAGES) writeFileSync(page, expected);
  else assert.equal(text, expected, "the page must be written anew: run this test with RNNLAB_WRITE_PAGES=1");
});
