import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-drawn-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function installPackage(name: string, javascript: string): void {
  mkdirSync(join(folder, "node_modules", name), { recursive: true });
  writeFileSync(join(folder, "node_modules", name, "index.js"), javascript);
}

const kernel = useKernel({ cwd: folder });

async function dataOf(code: string): Promise<Dictionary> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.stderr, "");
  return cell.contents("execute_result")[0]?.data as Dictionary;
}

test("an element of any library of documents is drawn as its markup", async () => {
  const html =
    '({ nodeType: 1, localName: "p", namespaceURI: "http://www.w3.org/1999/xhtml", outerHTML: "<p>hi</p>" })';
  assert.deepEqual(await dataOf(html), { "text/html": "<p>hi</p>", "text/plain": "<p>hi</p>" });
  const page =
    '({ nodeType: 9, documentElement: { nodeType: 1, outerHTML: "<html><body>hi</body></html>" } })';
  assert.equal((await dataOf(page))["text/html"], "<html><body>hi</body></html>");
});

test("500 characters of an element's markup stand for it as text, and the number of the others", async () => {
  const markup = (length: number) => `<p>${"x".repeat(length - 7)}</p>`;
  const element = (length: number) => `({ nodeType: 1, outerHTML: ${JSON.stringify(markup(length))} })`;
  assert.equal((await dataOf(element(500)))["text/plain"], markup(500));
  const { "text/html": html, "text/plain": text } = await dataOf(element(501));
  assert.deepEqual([html, text], [markup(501), `${markup(501).slice(0, 500)}… 1 more characters`]);
});

test("a picture of SVG can also stand alone: it names its namespace, once", async () => {
  const svg = (markup: string) =>
    `class SVGElement { nodeType = 1; namespaceURI = "http://www.w3.org/2000/svg"; outerHTML = ${JSON.stringify(markup)}; }
new SVGElement()`;
  const bare = '<svg width="9"><text xmlns="x">a</text></svg>';
  const data = await dataOf(svg(bare));
  assert.equal(data["text/html"], bare);
  assert.equal(
    data["image/svg+xml"],
    '<svg xmlns="http://www.w3.org/2000/svg" width="9"><text xmlns="x">a</text></svg>',
  );
  const named = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
  assert.equal((await dataOf(svg(named)))["image/svg+xml"], named);
  const part = await dataOf(svg("<circle r='1'/>"));
  assert.equal(part["image/svg+xml"], undefined, "a part of a picture is none");
});

test("a canvas is drawn, whether it makes its picture at once or later; an empty one is text", async () => {
  const canvas = (method: string) => `({ width: 4, height: 3, ${method} })`;
  for (const async of ["", "async "]) {
    const data = await dataOf(
      canvas(`${async}toDataURL(type: string) { return "data:" + type + ";base64,AAAA"; }`),
    );
    assert.deepEqual(data, { "image/png": "AAAA", "text/plain": "[canvas 4 × 3]" });
  }
  const empty = await dataOf(canvas('toDataURL() { return "data:,"; }'));
  assert.deepEqual(Object.keys(empty), ["text/plain"]);
});

test("elements of React and Preact are rendered by what the notebook's folder has, and are text without it", async () => {
  const react =
    '({ $$typeof: Symbol.for("react.transitional.element"), type: "b", props: { children: "x" } })';
  const preact = '({ type: "i", props: {}, __k: null, __v: 1 })';
  for (const element of [react, preact]) assert.deepEqual(Object.keys(await dataOf(element)), ["text/plain"]);
  const render = '(element) => "<" + element.type + ">rendered</" + element.type + ">"';
  mkdirSync(join(folder, "node_modules", "react-dom"), { recursive: true });
  writeFileSync(
    join(folder, "node_modules", "react-dom", "server.js"),
    `exports.renderToStaticMarkup = ${render};`,
  );
  installPackage("preact-render-to-string", `exports.renderToString = ${render};`);
  assert.equal((await dataOf(react))["text/html"], "<b>rendered</b>");
  assert.equal((await dataOf(preact))["text/html"], "<i>rendered</i>");
});

test("a proxy that says it has a hook is shown by it, one that answers everything is not asked", async () => {
  const hook = 'Symbol.for("Jupyter.display")';
  const frame = `new Proxy({}, {
  has: (_, key) => key === ${hook},
  get: (_, key) => key === ${hook} ? () => ({ "text/html": "<table></table>" }) : undefined,
})`;
  assert.equal((await dataOf(frame))["text/html"], "<table></table>");
  const cell = await kernel().execute(
    "var asked: unknown[] = []; new Proxy({}, { get: (_, key) => () => { asked.push(key); return {}; } })",
  );
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal((await kernel().execute("asked.length")).result, "0");
});

test("the bytes of a buffer are not taken for deeper levels", async () => {
  for (const code of ["new ArrayBuffer(2)", "[new ArrayBuffer(2)]", "new SharedArrayBuffer(1)"]) {
    assert.doesNotMatch(String((await dataOf(code))["text/plain"]), /deeper levels/);
  }
  const deep = String(
    (await dataOf("({ a: { b: { c: { d: { e: { f: new ArrayBuffer(1) } } } } } })"))["text/plain"],
  );
  assert.match(deep, /deeper levels/);
});
