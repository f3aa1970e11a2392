import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { KernelClient } from "../../tools/kernel-client/index.js";

const root = mkdtempSync(join(tmpdir(), "rnnlab-jsx-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A library of elements: its elements are lists of type and properties. */
function installLibrary(folder: string, name: string, typed = true): void {
  const place = join(folder, "node_modules", name);
  mkdirSync(place, { recursive: true });
  const exported = { ".": "./index.js", "./jsx-runtime": "./jsx-runtime.js" };
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, version: "1.0.0", exports: exported }));
  const runtime = `exports.jsx = exports.jsxs = (type, props) => typeof type === "function" ? type(props) : [${JSON.stringify(name)}, type, props];
exports.Fragment = "fragment";`;
  writeFileSync(join(place, "jsx-runtime.js"), runtime);
  writeFileSync(
    join(place, "index.js"),
    "exports.createElement = (type, props, ...children) => ['classic', type, children];",
  );
  if (!typed) return;
  const types = `export namespace JSX {
  type Element = readonly [library: string, type: unknown, props: object];
  interface ElementChildrenAttribute { children: unknown }
  interface IntrinsicElements { b: { title?: string; children?: unknown }; i: { children?: unknown } }
}
export declare const Fragment: unique symbol;
export declare function jsx(type: unknown, props: object): JSX.Element;
export declare function jsxs(type: unknown, props: object): JSX.Element;`;
  writeFileSync(join(place, "jsx-runtime.d.ts"), types);
  writeFileSync(
    join(place, "index.d.ts"),
    `import { JSX as Elements } from "./jsx-runtime";
export function createElement(...parts: unknown[]): unknown;
export namespace createElement { export import JSX = Elements; }`,
  );
}

async function withKernel(
  prepare: (folder: string) => void,
  use: (kernel: KernelClient, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(root, "notebook-"));
  prepare(folder);
  const kernel = await KernelClient.start({ cwd: folder });
  try {
    await use(kernel, folder);
    assert.deepEqual(kernel.violations, []);
  } finally {
    await kernel.dispose();
  }
}

const resultOf = async (kernel: KernelClient, code: string): Promise<string> => {
  const cell = await kernel.execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  return String(cell.result);
};

test("a cell with JSX is compiled by React's automatic runtime, also after cells without", () =>
  withKernel(
    (folder) => {
      installLibrary(folder, "react");
      installLibrary(folder, "preact");
    },
    async (kernel) => {
      assert.equal(await resultOf(kernel, "const name = 'Ada'; <T,>(x: T) => x; name"), "'Ada'");
      assert.equal(await resultOf(kernel, "<b>{name}</b>"), "[ 'react', 'b', { children: 'Ada' } ]");
      await resultOf(
        kernel,
        "function Hello({ who }: { who: string }) { return <><b title={who}>hello</b></>; }\nconst made = <Hello who={name} />;",
      );
      assert.match(await resultOf(kernel, "made"), /^\[\s+'react',\s+'fragment',/);
      assert.match(await resultOf(kernel, '<Hello who="Bob" />'), /title: 'Bob'/);
      assert.equal(
        await resultOf(kernel, "class Kept { #x = <i />; get() { return this.#x[1]; } }\nnew Kept().get()"),
        "'i'",
      );
      assert.equal(await resultOf(kernel, "new Kept().get()"), "'i'");
      const wrong = await kernel.execute("const shown = 1;\n<Hello wh={shown} />");
      assert.match(wrong.traceback, /line 2\n +column 8[\s\S]*TS2322: .*wh/);
      // An assertion of TypeScript stays one.
      assert.equal(await resultOf(kernel, "<number>(1 as unknown)"), "1");
    },
  ));

test("JSX takes what there is: Preact, a library without types, or what the tsconfig says", async () => {
  await withKernel(
    (folder) => installLibrary(folder, "preact"),
    async (kernel) => assert.match(await resultOf(kernel, "<b />"), /'preact', 'b'/),
  );
  await withKernel(
    (folder) => installLibrary(folder, "react", false),
    async (kernel) => assert.match(await resultOf(kernel, "const el = <b>x</b>; el"), /'react', 'b'/),
  );
  const configured = (jsx: object) => (folder: string) => {
    installLibrary(folder, "react");
    installLibrary(folder, "mine");
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: jsx }));
  };
  await withKernel(configured({ jsxImportSource: "mine" }), async (kernel) =>
    assert.match(await resultOf(kernel, "<b />"), /'mine', 'b'/),
  );
  await withKernel(configured({ jsx: "react", jsxFactory: "createElement" }), async (kernel) =>
    assert.match(
      await resultOf(kernel, 'import { createElement } from "react";\n<b>x</b>'),
      /'classic', 'b', \[ 'x' \]/,
    ),
  );
});

test("JSX without a library says what is missing, and works once it is there", () =>
  withKernel(
    () => undefined,
    async (kernel, folder) => {
      const cell = await kernel.execute("const a = 1;\n<b>{a}</b>");
      assert.equal(cell.status, "error");
      assert.match(
        cell.traceback,
        /line 2\n +column 1[\s\S]*TS2875: This cell has JSX, which needs react or preact in the notebook's folder\. Run there: npm install react react-dom @types\/react/,
      );
      installLibrary(folder, "react");
      assert.match(await resultOf(kernel, "<b />"), /'react', 'b'/);
    },
  ));

test("JSX is completed, inspected and known to be incomplete", () =>
  withKernel(
    (folder) => installLibrary(folder, "react"),
    async (kernel) => {
      await resultOf(kernel, "function Hello({ who }: { who: string }) { return <b>{who}</b>; }");
      const code = "const x = <Hello wh";
      const completed = await kernel.request("shell", "complete_request", { code, cursor_pos: code.length });
      assert.deepEqual(completed.content.matches, ["who"]);
      const inspected = await kernel.request("shell", "inspect_request", {
        code: '<Hello who="x" />',
        cursor_pos: 3,
        detail_level: 0,
      });
      assert.match(JSON.stringify(inspected.content.data), /function Hello/);
      const statusOf = async (text: string) =>
        (await kernel.request("shell", "is_complete_request", { code: text })).content.status;
      assert.equal(await statusOf("<b>one</b>"), "complete");
      assert.equal(await statusOf("const x = (\n  <b>"), "incomplete");
    },
  ));
