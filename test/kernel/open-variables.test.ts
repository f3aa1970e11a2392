import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Execution,
  type KernelClient,
  notebookFolder,
  useKernel,
} from "../../tools/kernel-client/index.js";

/** In a folder whose tsconfig is strict, as this project's is, and in one without. */
const strict = useKernel();
const folder = notebookFolder("rnnlab-open-variables-");
const loose = useKernel({ cwd: folder.path });

const both = [
  ["with a strict tsconfig", strict],
  ["without a tsconfig", loose],
] as const;

/** Runs cells in order; all but the last must succeed without a note. */
async function cells(kernel: KernelClient, ...codes: string[]): Promise<Execution> {
  let last = await kernel.execute("undefined");
  for (const code of codes) {
    assert.equal(last.status, "ok", last.traceback);
    assert.equal(last.outputs.includes("display_data"), false, JSON.stringify(last.contents("display_data")));
    last = await kernel.execute(code);
  }
  return last;
}

/** What Shift-Tab says of a name: its type and its value now. */
async function helpOf(kernel: KernelClient, name: string): Promise<string> {
  const { content } = await kernel.request("shell", "inspect_request", { code: name, cursor_pos: 1 });
  return String((content.data as Record<string, string>)["text/plain"]);
}

async function completions(kernel: KernelClient, code: string): Promise<string[]> {
  const { content } = await kernel.request("shell", "complete_request", { code, cursor_pos: code.length });
  return content.matches as string[];
}

for (const [where, kernel] of both) {
  for (const opening of ["null", "undefined", "void 0", "{}", "[]", ""]) {
    const declaration = opening === "" ? "let later;" : `let later = ${opening};`;
    test(`${where} a later cell may assign ${declaration}`, async () => {
      const cell = await cells(
        kernel(),
        declaration,
        "later = { units: [3] };",
        "later.units[0]",
        "const units = later.units.map((n) => n * 2);\nunits",
      );
      assert.equal(cell.result, "[ 6 ]", cell.traceback);
      assert.match(await helpOf(kernel(), "later"), /^let later: \{\n?\s*units: number\[\];?\s*\}/);
      assert.deepEqual(await completions(kernel(), "later.un"), ["units"]);
    });
  }

  test(`${where} the result of a loop has the type of what it found`, async () => {
    const cell = await cells(
      kernel(),
      "let best = null;\nfor (const x of [3, 5, 4]) if (best === null || x > best) best = x;\nbest",
      "best === null ? 0 : best.toFixed(1)",
    );
    assert.equal(cell.result, "'5.0'", cell.traceback);
    assert.equal(await helpOf(kernel(), "best"), "let best: number | null\n\nNow: 5");
  });

  test(`${where} one that is assigned something else takes that type`, async () => {
    const cell = await cells(
      kernel(),
      "let kind = null;",
      "kind = 1;",
      'kind = "text";',
      "kind.toUpperCase()",
    );
    assert.equal(cell.result, "'TEXT'", cell.traceback);
  });

  test(`${where} an empty array takes the types of what later cells put into it`, async () => {
    const cell = await cells(
      kernel(),
      "const rows = [];",
      "for (const i of [1, 2]) rows.push({ i });\nrows.length",
      "rows.map((row) => row.i)",
    );
    assert.equal(cell.result, "[ 1, 2 ]", cell.traceback);
    assert.deepEqual(await completions(kernel(), "rows[0]!."), ["i"]);
    const mixed = await cells(kernel(), 'rows.push("text");', "rows.length");
    assert.equal(mixed.result, "3", mixed.traceback);
    assert.match((await kernel().execute("rows = [];")).traceback, /TS2588/);
  });

  test(`${where} an array that a callback fills holds anything`, async () => {
    const cell = await cells(
      kernel(),
      "const filled = [];",
      "[1, 2].forEach((n) => filled.push(n));",
      'filled.push("text");\nfilled[2].length + filled[0]',
    );
    assert.equal(cell.result, "5", cell.traceback);
  });

  test(`${where} one that a function assigns may be anything`, async () => {
    const cell = await cells(
      kernel(),
      "let found;",
      "const find = () => { found = { at: 2 }; };\nfind();",
      "found.at + 1",
    );
    assert.equal(cell.result, "3", cell.traceback);
  });

  test(`${where} a function that reads one knows its type`, async () => {
    const cell = await cells(
      kernel(),
      "let net = null;",
      "net = { units: 3 };",
      "const units = () => net.units;\nunits()",
    );
    assert.equal(cell.result, "3", cell.traceback);
    assert.equal(await helpOf(kernel(), "units"), "const units: () => number");
  });

  test(`${where} typeof names the type that one has`, async () => {
    const cell = await cells(
      kernel(),
      "let shape = null;",
      "shape = { sides: 4 };",
      "type Shape = typeof shape;\nconst other: Shape = { sides: 3 };",
      "other.sides",
    );
    assert.equal(cell.result, "3", cell.traceback);
    assert.equal(
      await helpOf(kernel(), "other"),
      "const other: {\n    sides: number;\n}\n\nNow: { sides: 3 }",
    );
  });

  test(`${where} one under a name of a global's stays the notebook's own`, async () => {
    const cell = await cells(
      kernel(),
      "let name = null; let Map = null;",
      'name = "Ann"; Map = 2;',
      "name + Map",
    );
    assert.equal(cell.result, "'Ann2'", cell.traceback);
    const library = await kernel().execute('(await import("node:util")).inspect(new globalThis.Map())');
    assert.equal(library.result, "'Map(0) {}'", library.traceback);
  });

  test(`${where} a cell that ends in a throw leaves one that may be assigned`, async () => {
    const thrown = await kernel().execute('let half = null;\nthrow new Error("half way");');
    assert.match(thrown.traceback, /^Error: half way/);
    assert.equal((await cells(kernel(), "half = 4;", "half.toFixed(1)")).result, "'4.0'");
  });

  test(`${where} declaring it again ends all that`, async () => {
    await cells(kernel(), "let again = null;", "let again = 1;");
    assert.match((await kernel().execute('again = "text";')).traceback, /TS2322/);
  });

  test(`${where} a comment at the end of the cell, or an expression, is no matter`, async () => {
    const cell = await kernel().execute("let commented = null;\ncommented = 2;\ncommented // the result\n");
    assert.equal(cell.result, "2", cell.traceback);
  });

  test(`${where} its definition is where it was declared`, async () => {
    await cells(kernel(), "let where = null; // first", "where = 1;");
    const { content } = await kernel().request("shell", "inspect_request", {
      code: "where",
      cursor_pos: 1,
      detail_level: 1,
    });
    assert.match(JSON.stringify(content.data), /let where = null/);
  });
}

test("with a strict tsconfig what is wrong in one file is wrong across cells", async () => {
  const cell = await cells(strict(), "let empty = null;", "empty = { units: 3 };", "empty.layers");
  assert.match(cell.traceback, /TS2339.*'layers' does not exist/s);
  assert.match((await cells(strict(), "let nothing = null;", "nothing.units")).traceback, /TS18047/);
});

test("without a tsconfig an object that begins empty may be filled, with a note", async () => {
  const cell = await cells(loose(), "let options = {};", "options.rate = 0.1;\noptions.rate");
  assert.equal(cell.result, "0.1", cell.traceback);
  assert.ok(cell.outputs.includes("display_data"));
});
