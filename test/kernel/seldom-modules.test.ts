import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SELDOM_MODULES } from "../../kernel/compiler/library/seldom-modules.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { type KernelClient, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-seldom-");
folder.write(
  "server.ts",
  'import { createServer } from "node:http2";\nexport const server = () => createServer();',
);
const kernel = useKernel({ cwd: folder.path });

/** What keeps a cell from running. */
async function mistake(client: KernelClient, code: string): Promise<string> {
  return (await client.execute(code)).traceback;
}

test("the modules that are left out at first are there, with and without node:", () => {
  for (const module of ["http2", "node:http2", "node:test", "inspector/promises", "node:cluster", "repl"]) {
    assert.ok(existsSync(SELDOM_MODULES.get(module) ?? ""), module);
  }
  assert.equal(SELDOM_MODULES.get("test"), undefined);
});

test("no type of Node.js that is always there needs one that is not, in any version", () => {
  const packages = readdirSync(join(packageRoot, "node_modules"))
    .filter((name) => name.startsWith("types-node-"))
    .concat("@types/node");
  assert.ok(packages.length > 1);
  const seldom =
    /\b(?:from|import\(|require\() *["'](?:node:)?(?:cluster|http2|inspector|quic|repl|sqlite|test)\b/;
  const isSeldom = /^(?:cluster|http2|inspector|quic|repl|sqlite|test)\b/;
  for (const name of packages) {
    const place = join(packageRoot, "node_modules", name);
    const files = readFileSync(join(place, "index.d.ts"), "utf8").matchAll(/<reference path="(.+)"/g);
    for (const [, file = ""] of files) {
      if (isSeldom.test(file) || file === "process.d.ts") continue;
      // Examples in comments import what they like.
      const text = readFileSync(join(place, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
      assert.doesNotMatch(text, seldom, `${name}/${file}`);
    }
  }
});

test("a cell that imports one has its types, and so have those after it", async () => {
  const client = kernel();
  assert.match(
    await mistake(client, 'const wrong: number = process.getBuiltinModule("node:http2").createServer();'),
    /TS2322: Type 'Http2Server<.*' is not assignable to type 'number'/,
  );
  const mocking =
    'import { mock } from "node:test";\nconst double = mock.fn((x: number) => 2 * x);\ndouble(4)';
  assert.equal((await client.execute(mocking)).result, "8");
  assert.match(
    await mistake(client, 'double("4")'),
    /'string' is not assignable to parameter of type 'number'/,
  );
  assert.match(
    await mistake(
      client,
      'const { Session } = await import("inspector/promises");\nnew Session().connect(1);',
    ),
    /Expected 0 arguments, but got 1/,
  );
  assert.match(
    await mistake(client, 'import { server } from "./server";\nconst text: string = server();'),
    /TS2322: Type 'Http2Server</,
  );
});

test("their names are completed", async () => {
  const code = 'import {} from "node:http';
  const { content } = await kernel().request("shell", "complete_request", { code, cursor_pos: code.length });
  assert.deepEqual(content.matches, ["node:http2", "node:http", "node:https"]);
});
