import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Dictionary, type Message, useKernel } from "../../tools/kernel-client/index.js";

/** A folder outside the project where another package of the name is installed, as the real one may be. */
const folder = mkdtempSync(join(tmpdir(), "rnnlab-tslab-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules/tslab"), { recursive: true });
writeFileSync(
  join(folder, "node_modules/tslab/package.json"),
  '{ "main": "index.js", "types": "index.d.ts" }',
);
writeFileSync(join(folder, "node_modules/tslab/index.js"), 'throw new Error("the wrong tslab");');
writeFileSync(join(folder, "node_modules/tslab/index.d.ts"), "export declare const other: number;");
writeFileSync(join(folder, "pixel.jpg"), Uint8Array.of(0xff, 0xd8, 0xff, 0xd9));
writeFileSync(
  join(folder, "card.ts"),
  'import { display } from "tslab";\nexport const card = (title: string): void => display.html("<h3>" + title + "</h3>");\n',
);
writeFileSync(join(folder, "note.js"), 'exports.note = (text) => require("tslab").display.text(text);\n');
writeFileSync(
  join(folder, "note.mjs"),
  'import { display } from "tslab";\nexport const note = (text) => display.text(text);\n',
);
writeFileSync(join(folder, "note.d.mts"), "export function note(text: string): void;\n");
writeFileSync(join(folder, "note.d.ts"), "export function note(text: string): void;\n");

const kernel = useKernel({ cwd: folder });

async function shown(code: string): Promise<Dictionary[]> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  return cell.contents("display_data");
}

test("display.html() of the namespace shows HTML, as in tslab's first example", async () => {
  const outputs = await shown('import * as tslab from "tslab";\ntslab.display.html("Hello <b>kernel</b>!");');
  assert.deepEqual(outputs, [{ data: { "text/html": "Hello <b>kernel</b>!" }, metadata: {}, transient: {} }]);
});

test("every function of display shows its MIME type", async () => {
  const outputs = await shown(`import { display } from "tslab";
display.javascript("1");
display.html("<i>h</i>");
display.markdown("**m**");
display.latex("$x$");
display.svg("<svg/>");
display.text("t");
const bytes = Uint8Array.of(1, 2, 255);
display.png(bytes);
display.jpeg(Buffer.from(bytes));
display.gif(bytes);
display.pdf(bytes);
display.raw("text/csv", "a,b");
display.raw("audio/wav", bytes);`);
  const base64 = "AQL/";
  assert.deepEqual(
    outputs.map(({ data }) => data),
    [
      { "text/javascript": "1" },
      { "text/html": "<i>h</i>" },
      { "text/markdown": "**m**" },
      { "text/latex": "$x$" },
      { "image/svg+xml": "<svg/>" },
      { "text/plain": "t" },
      { "image/png": base64 },
      { "image/jpeg": base64 },
      { "image/gif": base64 },
      { "application/pdf": base64 },
      { "text/csv": "a,b" },
      { "audio/wav": base64 },
    ],
  );
});

test("an image is read from a file and shown, as in tslab's notebooks", async () => {
  const [output] = await shown(
    'import fs from "fs";\nimport * as tslab from "tslab";\ntslab.display.jpeg(fs.readFileSync("pixel.jpg"))',
  );
  assert.deepEqual(output?.data, { "image/jpeg": "/9j/2Q==" });
});

test("newDisplay() shows once and then replaces what it has shown, over awaits", async () => {
  const cell = await kernel().execute(`import * as tslab from "tslab";
let sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
{
    let display = tslab.newDisplay();
    for (let progress = 1; progress <= 3; progress++) {
      await sleep(1);
      display.text(\`progress: \${progress}%\`);
    }
}`);
  assert.deepEqual(
    cell.outputs,
    ["display_data", "update_display_data", "update_display_data"],
    cell.traceback,
  );
  const ids = cell.messages.flatMap(
    ({ content }) => (content.transient as Dictionary | undefined)?.display_id ?? [],
  );
  assert.equal(new Set(ids).size, 1);
  assert.deepEqual(cell.contents("update_display_data").at(-1)?.data, { "text/plain": "progress: 3%" });
});

test("two displays of newDisplay() have ids of their own, and a later cell updates either", async () => {
  const first = await kernel().execute(`import { newDisplay } from "tslab";
const [a, b] = [newDisplay(), newDisplay()];
a.text("a");
b.html("<b>b</b>");`);
  const [idOfA, idOfB] = first
    .contents("display_data")
    .map(({ transient }) => (transient as Dictionary).display_id);
  assert.notEqual(idOfA, idOfB);
  const second = await kernel().execute('b.markdown("*b*");');
  assert.deepEqual(second.outputs, ["update_display_data"]);
  assert.deepEqual(second.contents("update_display_data")[0], {
    data: { "text/markdown": "*b*" },
    metadata: {},
    transient: { display_id: idOfB },
  });
});

test("versions name tslab, TypeScript and Node", async () => {
  const cell = await kernel().execute(
    'import { versions } from "tslab";\nconst all: string[] = [versions.tslab, versions.typescript, versions.node];\nall.every((version) => /^v?\\d+\\.\\d+\\.\\d+$/.test(version)) && versions.node === process.version',
  );
  assert.equal(cell.result, "true", cell.traceback);
});

test("local modules in TypeScript and JavaScript show through the same tslab", async () => {
  assert.deepEqual((await shown('import { card } from "./card";\ncard("from a module");'))[0]?.data, {
    "text/html": "<h3>from a module</h3>",
  });
  assert.deepEqual((await shown('import { note } from "./note.js";\nnote("from JavaScript");'))[0]?.data, {
    "text/plain": "from JavaScript",
  });
  assert.deepEqual((await shown('import { note } from "./note.mjs";\nnote("from an ES module");'))[0]?.data, {
    "text/plain": "from an ES module",
  });
});

test("require and import() give the same module as import", async () => {
  const cell = await kernel().execute(
    'import * as tslab from "tslab";\n[require("tslab").display, (await import("tslab")).display].every((each) => each === tslab.display)',
  );
  assert.equal(cell.result, "true", cell.traceback);
});

test("wrong arguments and unknown names are type errors", async () => {
  const wrong = await kernel().execute('import { display } from "tslab";\ndisplay.png("text");');
  assert.match(wrong.traceback, /TS2345/);
  const unknown = await kernel().execute('import { other } from "tslab";');
  assert.match(unknown.traceback, /TS2305/);
});

test("the module's name and members are completed", async () => {
  const matches = async (code: string): Promise<unknown[]> => {
    const reply: Message = await kernel().request("shell", "complete_request", {
      code,
      cursor_pos: code.length,
    });
    return reply.content.matches as unknown[];
  };
  assert.ok((await matches('import * as tslab from "tsl')).includes("tslab"));
  const members = await matches('import * as tslab from "tslab";\ntslab.display.');
  for (const name of ["html", "markdown", "png", "raw"]) assert.ok(members.includes(name), name);
});
