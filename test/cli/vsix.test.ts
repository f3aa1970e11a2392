import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import ts from "typescript";
import { findKernels } from "../../editors/vscode/kernels.js";
import { kernelSpec } from "../../kernel/install/kernel-spec.js";
import { notebookProject } from "./notebook-project.js";

/** The extension as VS Code unpacks it. */
function unpacked(context: Pick<TestContext, "after">) {
  const { folder, rnnlab } = notebookProject(context);
  const { status, stdout } = rnnlab("vsix", "--output", "ours.vsix");
  assert.equal(status, 0);
  execFileSync("python3", ["-m", "zipfile", "-e", "ours.vsix", "unpacked"], { cwd: folder });
  return { folder: join(folder, "unpacked"), stdout };
}

test("rnnlab vsix writes an archive with a manifest, and with all that the extension loads", (context) => {
  const { folder, stdout } = unpacked(context);
  assert.match(stdout, /code --install-extension ours\.vsix/);
  const manifest = readFileSync(join(folder, "extension.vsixmanifest"), "utf8");
  const { version, main } = JSON.parse(readFileSync(join(folder, "extension/package.json"), "utf8"));
  assert.match(manifest, new RegExp(`Id="rnnlab" Version="${version}"`));
  // VS Code's own module is the only one that is not there.
  const run = `
    const Module = require("node:module");
    const load = Module._load;
    const vscode = new Proxy({}, { get: (_, name) => (name === "version" ? "1.139.0" : class {}) });
    Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
    console.log(Object.keys(require(${JSON.stringify(join(folder, "extension", main))})).join());`;
  const loaded = execFileSync(process.execPath, ["-e", run], { encoding: "utf8", cwd: folder });
  assert.equal(loaded, "activate,deactivate\n");
});

test("the plugin of the TypeScript server is silent about the cells that it is told of, and about no other file", (context) => {
  const { folder } = unpacked(context);
  const init = createRequire(join(folder, "extension/package.json"))("rnnlab-cells");
  const texts = new Map([
    ["/cell.ts", 'const a: number = "";'],
    ["/file.ts", 'const b: number = "";'],
  ]);
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({ noLib: true, types: [] }),
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => ts.ScriptSnapshot.fromString(texts.get(name) ?? ""),
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => "lib.d.ts",
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
  };
  let refreshed = 0;
  const project = { refreshDiagnostics: () => refreshed++ };
  const plugin = init({ typescript: ts });
  const service: ts.LanguageService = plugin.create({
    languageService: ts.createLanguageService(host),
    project,
  });
  assert.equal(service.getSemanticDiagnostics("/cell.ts").length, 1);
  plugin.onConfigurationChanged({ cells: ["/cell.ts"] });
  assert.equal(refreshed, 1);
  assert.deepEqual(service.getSemanticDiagnostics("/cell.ts"), []);
  assert.equal(service.getQuickInfoAtPosition("/cell.ts", 6), undefined);
  assert.equal(service.getCompletionsAtPosition("/cell.ts", 6, undefined), undefined);
  assert.equal(service.getSemanticDiagnostics("/file.ts").length, 1);
  assert.equal(service.getQuickInfoAtPosition("/file.ts", 6)?.kind, "const");
  plugin.onConfigurationChanged({ cells: [] });
  assert.equal(service.getSemanticDiagnostics("/cell.ts").length, 1);
});

test("the extension finds rnnlab's kernels by what their kernelspecs start, in the workspace's environment, too", (context) => {
  const { folder } = notebookProject(context);
  const kernels = join(folder, ".venv/share/jupyter/kernels");
  const write = (name: string, spec: object): void => {
    mkdirSync(join(kernels, name), { recursive: true });
    writeFileSync(join(kernels, name, "kernel.json"), JSON.stringify(spec));
  };
  const ours = kernelSpec("mine", "typescript", { RNNLAB_DATA: "/data" });
  write("mine", ours);
  write("deno", { argv: ["deno", "jupyter", "--kernel"], display_name: "Deno", language: "typescript" });
  mkdirSync(join(kernels, "empty"));
  const found = findKernels([folder]).filter(({ name }) => ["mine", "deno", "empty"].includes(name));
  assert.deepEqual(found, [
    {
      name: "mine",
      displayName: "TypeScript (mine)",
      language: "typescript",
      command: ours.argv.slice(0, ours.argv.indexOf("kernel")),
      env: { RNNLAB_DATA: "/data" },
    },
  ]);
});
