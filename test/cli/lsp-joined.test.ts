import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../setup/temporary.js";
import { LanguageClient, positionOf, textIn } from "./language-client.js";

/** A server that was given a notebook as JupyterLab does: as one document. */
async function joined(
  context: TestContext,
  text: string,
  name = "sums.ipynb",
  saved: readonly string[] = [],
) {
  const folder = temporaryFolder(context);
  const cells = saved.map((source) => ({ cell_type: "code", metadata: {}, outputs: [], source: [source] }));
  writeFileSync(join(folder, "sums.ipynb"), JSON.stringify({ cells, metadata: {} }));
  const client = new LanguageClient(context, folder);
  await client.initialize();
  const uri = pathToFileURL(join(folder, name)).href;
  client.notify("textDocument/didOpen", {
    textDocument: { uri, languageId: "typescript", version: 1, text },
  });
  const found = await client.diagnostics(uri, 1, ({ diagnostics }) => diagnostics.length > 0);
  return { client, uri, found };
}

test("cells are parted at two blank lines", async (context) => {
  const text = "const size = 3;\n\n\n\nconst size = `a\n\n\n\nb`;\n\n\n\nsize.length + unknown;\n";
  const { client, uri, found } = await joined(context, text, ".virtual_documents/sums.ipynb");
  assert.deepEqual(
    found.map(({ range }) => textIn(text, range)),
    ["unknown"],
  );
  const textDocument = { uri };
  const position = positionOf(text, "size.length", 1);
  const [definition] = await client.request("textDocument/definition", { textDocument, position });
  assert.deepEqual(definition, {
    uri,
    range: { start: { line: 4, character: 6 }, end: { line: 4, character: 10 } },
  });
});

test("what ends too early is found within its cell", async (context) => {
  // JupyterLab writes the last line break, and knows no cell for what stands after it.
  const { found } = await joined(context, "const list = [1];\n\n\nlist.\n");
  const end = { line: 3, character: 5 };
  assert.deepEqual(found[0]?.range, { start: end, end });
});

test("what a magic takes may have two blank lines before it is saved", async (context) => {
  const scripts = [
    'echo "a b"\n\n\n# twice\nls -l\n\n\nfor i in 1 2; do echo $i; done',
    "pip list",
    "if [ -d out ]; then rm out; fi",
  ];
  const cells = [
    `%%bash\n${scripts.join("\n\n\n")}`,
    "const size = 3;",
    "%%markdown\n# Sums\n\n\nThey are small.\n\n\n- one\n- two things",
    "%%html\n<p>\n\n\n<b>They</b> are small.",
    "size.nothing;",
  ];
  const text = `${cells.join("\n\n\n")}\n`;
  const { found } = await joined(context, text);
  assert.deepEqual(
    found.map(({ range }) => textIn(text, range)),
    ["nothing"],
  );
});

test("magics are left alone, and the code below them is checked", async (context) => {
  const text = "%ls\nconst size = 3;\n\n\n%%bash\nif [ ]; then ls; fi\n\n\n%time size.nothing;\n";
  const { found } = await joined(context, text);
  assert.deepEqual(
    found.map(({ range }) => textIn(text, range)),
    ["nothing"],
  );
});

test("a cell that was saved stays whole, whatever it is and wherever it has blank lines", async (context) => {
  const script = "%%bash\nls\n\n\nif [ ]; then ls; fi\n\n\n\nls";
  const saved = [script, "const size = 3;"];
  const text = `${script}\n\n\nsize.nothing;\n\n\n${script}\n`;
  const { found } = await joined(context, text, ".virtual_documents/sums.ipynb", saved);
  assert.deepEqual(
    found.map(({ range }) => textIn(text, range)),
    ["size"],
  );
});
