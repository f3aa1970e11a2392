import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../setup/temporary.js";
import { type EditedCell, LanguageClient, metadataOf, positionOf, textIn } from "./language-client.js";

const RNNLAB = metadataOf("rnnlab");

/** An editor with a notebook open. */
async function editor(context: TestContext, sources: readonly (string | EditedCell)[], metadata = RNNLAB) {
  const folder = temporaryFolder(context);
  const client = new LanguageClient(context, folder);
  await client.initialize();
  const cells = sources.map((each) => (typeof each === "string" ? { source: each } : each));
  const path = join(folder, "notebook.ipynb");
  const uris = client.openNotebook(path, cells, metadata);
  const at = (cell: number, text: string, after = 0) => ({
    textDocument: { uri: uris[cell] as string },
    position: positionOf(cells[cell]?.source ?? "", text, after),
  });
  const source = (uri: string): string => cells[uris.indexOf(uri)]?.source ?? "";
  /** The places of an answer as "cell: text". */
  const places = (found: readonly { uri: string; range: object }[] | null) =>
    (found ?? []).map(({ uri, range }) => `${uris.indexOf(uri)}: ${textIn(source(uri), range)}`);
  /** The messages about a cell, each with what is underlined. */
  const found = async (cell: number, version = 1) => {
    const uri = uris[cell] as string;
    const told = await client.diagnostics(uri, version);
    return told.map(({ range, message }) => `${textIn(source(uri), range)}: ${message.split("\n")[0]}`);
  };
  return { folder, client, path, uris, at, places, found };
}

test("rnnlab lsp knows the cells above, and underlines exactly what is wrong", async (context) => {
  const { found, client } = await editor(context, [
    "interface Row { size: number }\nconst row: Row = { size: 3 };",
    { source: "const a = ;", language: "markdown", kind: "markup" },
    "row.size?",
    'row.size + 1;\nconst wrong: number = "text";',
    "wrong.toFixed();\nconst row = 'again';\nrow.length;",
    "row.size",
  ]);
  assert.deepEqual(await found(0), []);
  assert.deepEqual(await found(3), ["wrong: Type 'string' is not assignable to type 'number'."]);
  assert.deepEqual(await found(4), []);
  assert.deepEqual(await found(5), ["size: Property 'size' does not exist on type '\"again\"'."]);
  assert.equal(await client.leave(), 0);
});

test("a cell that does not parse keeps its names for later cells", async (context) => {
  const { found, client, path, uris } = await editor(context, [
    "const first = 1;\nfunction half(x: number) { return x / 2; }",
    "half(first).toFixed()",
  ]);
  assert.deepEqual(await found(1), []);
  client.forget();
  client.editCell(
    path,
    uris[0] as string,
    2,
    "const first = 1;\nfunction half(x: number) { return x / 2; }\nhalf(",
  );
  const [told] = await client.diagnostics(uris[0] as string, 2);
  assert.match(told?.message ?? "", /expected/);
  assert.deepEqual(await found(1), []);
  client.forget();
  client.editCell(path, uris[0] as string, 3, "function half(x: number) { return x / 2; }");
  await client.diagnostics(uris[1] as string, 1, ({ diagnostics }) => diagnostics.length === 1);
  const [gone] = await client.diagnostics(
    uris[1] as string,
    1,
    ({ diagnostics }) => diagnostics.length === 1,
  );
  assert.match(gone?.message ?? "", /Cannot find name 'first'/);
});

test("names of a cell that never parsed are known as far as it is understood", async (context) => {
  const { found } = await editor(context, ["const first = 1;\nconst broken = ;", "first.toFixed()"]);
  assert.deepEqual(await found(0), [";: Expression expected."]);
  assert.deepEqual(await found(1), []);
});

test("an edit in one cell is seen in a later one, and mended there", async (context) => {
  const { client, path, uris, found } = await editor(context, [
    "const size: number = 3;",
    "const twice = 2 * size;",
    "twice.toFixed();",
  ]);
  assert.deepEqual(await found(2), []);
  client.editCell(path, uris[0] as string, 2, 'const size: string = "3";');
  const [wrong] = await client.diagnostics(uris[1] as string, 1, ({ diagnostics }) => diagnostics.length > 0);
  assert.equal(wrong?.code, 2363);
  assert.equal(wrong?.source, "rnnlab");
  client.forget();
  client.editCell(path, uris[0] as string, 3, "const size: number = 4;");
  assert.deepEqual(await client.diagnostics(uris[1] as string, 1), []);
});

test("mistakes are told of cells that a question about a later one has looked at first", async (context) => {
  const { client, uris, found } = await editor(context, [
    'const wrong: number = "text";',
    "1;",
    "wrong.toFixed()",
  ]);
  await client.request("textDocument/semanticTokens/full", { textDocument: { uri: uris[2] } });
  assert.equal((await found(0)).length, 1);
  assert.deepEqual([await found(1), await found(2)], [[], []]);
});

test("another version of a cell with the same text has its mistakes told again", async (context) => {
  const { client, path, uris, found } = await editor(context, ['const wrong: number = "text";']);
  assert.equal((await found(0)).length, 1);
  client.editCell(path, uris[0] as string, 2, 'const wrong: number = "text";');
  assert.equal((await client.diagnostics(uris[0] as string, 2)).length, 1);
});

test("cells are added, moved and taken away", async (context) => {
  const { client, path, uris, found } = await editor(context, ["const one = 1;", "one.toFixed();"]);
  assert.deepEqual(await found(1), []);
  const uri = pathToFileURL(path).href;
  client.forget();
  const move = (...order: readonly number[]): void => {
    const cells = order.map((index) => ({ kind: 2, document: uris[index] }));
    client.notify("notebookDocument/didChange", {
      notebookDocument: { uri, version: 2 },
      change: { cells: { structure: { array: { start: 0, deleteCount: 2, cells } } } },
    });
  };
  move(1, 0);
  const [early] = await client.diagnostics(uris[1] as string, 1, ({ diagnostics }) => diagnostics.length > 0);
  assert.match(early?.message ?? "", /Cannot find name 'one'/);
  client.forget();
  move(0, 1);
  assert.deepEqual(await client.diagnostics(uris[1] as string, 1), []);
  client.forget();
  client.notify("notebookDocument/didChange", {
    notebookDocument: { uri, version: 2 },
    change: {
      cells: { structure: { array: { start: 0, deleteCount: 1 }, didClose: [{ uri: uris[0] }] } },
    },
  });
  const [gone] = await client.diagnostics(uris[1] as string, 1, ({ diagnostics }) => diagnostics.length > 0);
  assert.match(gone?.message ?? "", /Cannot find name 'one'/);
  client.forget();
  const added = `${uris[0]}-again`;
  client.notify("notebookDocument/didChange", {
    notebookDocument: { uri, version: 3 },
    change: {
      cells: {
        structure: {
          array: { start: 0, deleteCount: 0, cells: [{ kind: 2, document: added }] },
          didOpen: [{ uri: added, languageId: "typescript", version: 1, text: "const one = 2;" }],
        },
      },
    },
  });
  assert.deepEqual(await client.diagnostics(uris[1] as string, 1), []);
});

test("notebooks do not see each other, and those of other kernels are left alone", async (context) => {
  const { client, folder, found } = await editor(context, ["const mine = 1;"]);
  assert.deepEqual(await found(0), []);
  const [other] = client.openNotebook(join(folder, "other.ipynb"), [{ source: "mine" }], RNNLAB);
  const [unknown] = await client.diagnostics(other as string, 1);
  assert.match(unknown?.message ?? "", /Cannot find name 'mine'/);
  const deno = client.openNotebook(join(folder, "deno.ipynb"), [{ source: "mine" }], metadataOf("deno"));
  const hover = await client.request("textDocument/hover", {
    textDocument: { uri: deno[0] },
    position: { line: 0, character: 1 },
  });
  assert.equal(hover, null);
});

test("hover says what a name of an earlier cell or a package is, with its documentation", async (context) => {
  const { client, at } = await editor(context, [
    '/** How many there are. */\nconst count = 3;\nimport { slidingWindows } from "rnnlab/preprocessing";',
    "count + slidingWindows([1, 2, 3], { windowLength: 2 }).targets.values.length",
  ]);
  const hover = await client.request("textDocument/hover", at(1, "count", 2));
  assert.equal(hover.contents.value, "```typescript\nconst count: 3\n```\n\nHow many there are.");
  assert.deepEqual(hover.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } });
  const own = await client.request("textDocument/hover", at(1, "slidingWindows", 2));
  assert.match(own.contents.value, /^```typescript\nfunction slidingWindows|^```typescript\nslidingWindows/);
  assert.match(own.contents.value, /@param/);
});

test("completion has members and the names of earlier cells, once each, with documentation on demand", async (context) => {
  const { client, at } = await editor(context, [
    "/** Half of it. */\nfunction halfOf(x: number) { return x / 2; }\nconst row = { size: 3 };",
    "half;\nrow.",
  ]);
  const members = await client.request("textDocument/completion", at(1, "row.", 4));
  assert.deepEqual(
    members.items.map(({ label }: { label: string }) => label),
    ["size"],
  );
  const names = await client.request("textDocument/completion", at(1, "half", 4));
  const [half, ...more] = names.items.filter(({ label }: { label: string }) => label === "halfOf");
  assert.deepEqual(more, []);
  assert.equal(half.kind, 3);
  assert.equal(half.labelDetails.detail, "(x: number): number");
  assert.deepEqual(half.textEdit.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } });
  const resolved = await client.request("completionItem/resolve", half);
  assert.match(resolved.documentation.value, /function halfOf\(x: number\): number[\s\S]*Half of it\./);
});

test("signature help marks the parameter that is being written", async (context) => {
  const { client, at } = await editor(context, [
    "function scale(value: number, by: string) { return value; }",
    "scale(1, ",
  ]);
  const help = await client.request("textDocument/signatureHelp", at(1, "1, ", 3));
  assert.equal(help.signatures[0].label, "scale(value: number, by: string): number");
  assert.equal(help.activeParameter, 1);
  assert.equal(help.signatures[0].parameters[1].label, "by: string");
});

test("definitions are found in earlier cells, of members too, and in packages", async (context) => {
  const { client, at, places } = await editor(context, [
    "const unused = 1;\nclass Point {\n  constructor(readonly x: number) {}\n  norm() { return this.x; }\n}",
    "let point = new Point(3);\nconst sizes = { height: 3 };",
    'import { lstm } from "rnnlab/layers";\npoint.norm() + point.x + sizes.height;',
  ]);
  const definition = async (cell: number, text: string, after = 1) =>
    await client.request("textDocument/definition", at(cell, text, after));
  assert.deepEqual(places(await definition(2, "point")), ["1: point"]);
  assert.deepEqual(places(await definition(2, "norm")), ["0: norm"]);
  assert.deepEqual(places(await definition(2, "x +", 0)), ["0: x"]);
  assert.deepEqual(places(await definition(2, "height")), ["1: height"]);
  assert.deepEqual(places(await definition(1, "Point(")), ["0: Point"]);
  const type = await client.request("textDocument/typeDefinition", at(2, "point"));
  assert.deepEqual(places(type), ["0: Point"]);
});

test("references and rename reach the cells that mean the same, and no others", async (context) => {
  const { client, at, places, uris } = await editor(context, [
    "let rate = 0.1;\nconst options = { rate };",
    "function step(rate: number) { return rate; }\nstep(rate);",
    "const { rate: mine } = options;\nlet rate = 2;",
    "rate += 1;",
  ]);
  const references = (cell: number, text: string, withDeclarations: boolean) =>
    client.request("textDocument/references", {
      ...at(cell, text, 1),
      context: { includeDeclaration: withDeclarations },
    });
  assert.deepEqual(places(await references(0, "rate", true)), ["0: rate", "0: rate", "1: rate"]);
  assert.deepEqual(places(await references(0, "rate", false)), ["0: rate", "1: rate"]);
  assert.deepEqual(places(await references(3, "rate", true)), ["2: rate", "3: rate"]);
  const { changes } = await client.request("textDocument/rename", { ...at(0, "rate", 1), newName: "speed" });
  const texts = (cell: number) =>
    changes[uris[cell] as string]?.map(({ newText }: { newText: string }) => newText);
  assert.deepEqual(
    [texts(0), texts(1), texts(2), texts(3)],
    [["speed", "rate: speed"], ["speed"], undefined, undefined],
  );
  const property = await client.request("textDocument/rename", {
    ...at(2, "rate: mine", 1),
    newName: "speed",
  });
  assert.deepEqual(
    Object.keys(property.changes).map((uri) => uris.indexOf(uri)),
    [0, 2],
  );
  assert.equal(property.changes[uris[0] as string][0].newText, "speed: rate");
});

test("an imported name is renamed in the cells alone, and what no cell declares is not", async (context) => {
  const { client, at, uris } = await editor(context, [
    'import { table } from "rnnlab/table";',
    "table({ a: [1] })",
    "Math.abs(1)",
  ]);
  const { changes } = await client.request("textDocument/rename", { ...at(1, "table", 1), newName: "shown" });
  assert.equal(changes[uris[0] as string][0].newText, "table as shown");
  assert.equal(changes[uris[1] as string][0].newText, "shown");
  assert.equal(await client.request("textDocument/prepareRename", at(2, "abs", 1)), null);
  await assert.rejects(
    client.request("textDocument/rename", { ...at(2, "abs", 1), newName: "other" }),
    /Cannot rename: no cell declares abs/,
  );
  await assert.rejects(
    client.request("textDocument/rename", { ...at(1, "table", 1), newName: "class" }),
    /a name must be an identifier that is no keyword, got "class"/,
  );
});

test("a cell's symbols, its tokens and the fixes of its mistakes", async (context) => {
  const source =
    "class Point {\n  normalize() { return 1; }\n}\nconst made = new Point();\nmade.normalise();";
  const { client, uris } = await editor(context, [source]);
  const textDocument = { uri: uris[0] };
  const symbols = await client.request("textDocument/documentSymbol", { textDocument });
  assert.deepEqual(
    symbols.map(({ name, children }: { name: string; children: { name: string }[] }) => [
      name,
      children.map((child) => child.name),
    ]),
    [
      ["made", []],
      ["Point", ["normalize"]],
    ],
  );
  const { data } = await client.request("textDocument/semanticTokens/full", { textDocument });
  // The class's name: line 0, character 6, five characters, the first type, a declaration.
  assert.deepEqual(data.slice(0, 5), [0, 6, 5, 0, 1]);
  const diagnostics = await client.diagnostics(uris[0] as string, 1);
  const range = diagnostics[0]?.range;
  const [fix] = await client.request("textDocument/codeAction", {
    textDocument,
    range,
    context: { diagnostics },
  });
  assert.equal(fix.title, "Change spelling to 'normalize'");
  assert.equal(fix.edit.changes[uris[0] as string][0].newText, "normalize");
});

test("a cell is formatted as rnnlab format does it", async (context) => {
  const { client, uris } = await editor(context, ["const a={x:1}\na.x"]);
  const options = { tabSize: 2, insertSpaces: true };
  const [edit] = await client.request("textDocument/formatting", { textDocument: { uri: uris[0] }, options });
  assert.equal(edit.newText, "const a = { x: 1 }\na.x");
  assert.deepEqual(edit.range, { start: { line: 0, character: 0 }, end: { line: 1, character: 3 } });
});

test("a cell that may fail is not underlined, and what does not stop a cell is a warning", async (context) => {
  const { client, found, uris } = await editor(context, [
    { source: 'const a: number = "";', metadata: { metadata: { tags: ["raises-exception"] } } },
    "function twice(x) {\n  return 2 * x;\n}",
  ]);
  assert.deepEqual(await found(0), []);
  const [warning] = await client.diagnostics(uris[1] as string, 1);
  assert.equal(warning?.severity, 2);
});

test("imports are looked for beside the notebook, and a module that changes is read anew", async (context) => {
  const folder = temporaryFolder(context);
  const client = new LanguageClient(context, folder);
  await client.initialize();
  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "inner/own.ts"), "export const size = 3;\n");
  const source = 'import { size } from "./own";\nsize.toFixed();';
  const [uri = ""] = client.openNotebook(join(folder, "inner/notebook.ipynb"), [{ source }], RNNLAB);
  assert.deepEqual(await client.diagnostics(uri, 1), []);
  client.forget();
  writeFileSync(join(folder, "inner/own.ts"), 'export const size = "three";\n');
  client.notify("workspace/didChangeWatchedFiles", { changes: [] });
  const [wrong] = await client.diagnostics(uri, 1, ({ diagnostics }) => diagnostics.length > 0);
  assert.match(wrong?.message ?? "", /toFixed/);
});

test("JavaScript's notebooks are served, too", async (context) => {
  const javascript = metadataOf("rnnlab-javascript", "javascript");
  const sources = ["size = 3;", "const a = 1;\nconst half = size /;"].map((source) => ({
    source,
    language: "javascript",
  }));
  const { found } = await editor(context, sources, javascript);
  assert.deepEqual(await found(0), []);
  assert.deepEqual(await found(1), [";: Expression expected."]);
});

test("nothing is underlined in the lectures, as the documentation lists", async (context) => {
  const folder = resolve(__dirname, "../../../notebooks");
  const page = readFileSync(resolve(folder, "../docs/editors.md"), "utf8");
  const listed = new Map(
    [...page.matchAll(/^\| (\d{3}) \| (\d+) \|$/gm)].map(([, name, count]) => [name, count]),
  );
  const counts = new Map<string, string>();
  const client = new LanguageClient(context, folder);
  await client.initialize();
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".ipynb"))) {
    const { cells, metadata } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    const code = cells
      .filter(({ cell_type }: { cell_type: string }) => cell_type === "code")
      .map(({ source }: { source: string[] }) => ({ source: source.join("") }));
    const uris = client.openNotebook(join(folder, name), code, { metadata });
    let count = 0;
    for (const uri of uris) {
      const asked = code[uris.indexOf(uri)].source;
      const told = await client.diagnostics(uri, 1);
      assert.deepEqual([name, asked, told], [name, asked, []]);
      count += told.length;
    }
    counts.set(name.slice(0, 3), String(count));
    client.notify("notebookDocument/didClose", {
      notebookDocument: { uri: pathToFileURL(join(folder, name)).href },
      cellTextDocuments: uris.map((uri) => ({ uri })),
    });
  }
  assert.deepEqual(counts, listed);
});
