import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packExtension } from "../../cli/vsix/pack.js";
import { runCommand } from "../../setup/run-command.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";

const VERSION = "7.0.0-dev.20260707.2";
/** How long npm may take, in ms. */
const INSTALLATION = 600_000;

/** Named as the extension of native TypeScript: VS Code's own TypeScript makes way for that alone. */
const MANIFEST = {
  name: "native-preview",
  displayName: "Native TypeScript",
  description: "Starts native TypeScript as its own extension does, which no registry of npm has",
  publisher: "TypeScriptTeam",
  version: "0.1.0",
  categories: ["Programming Languages"],
  engines: { vscode: "^1.91.0" },
  main: "./main.js",
  activationEvents: ["onLanguage:typescript"],
};

/** Its own extension takes these documents, too: cells of notebooks are not among them. */
const MAIN = (client: string, program: string): string => `
const vscode = require("vscode");
exports.activate = async () => {
  if (!vscode.workspace.getConfiguration("js/ts").get("experimental.useTsgo")) return;
  const { LanguageClient } = require(${JSON.stringify(client)});
  const server = { command: ${JSON.stringify(program)}, args: ["--lsp", "--stdio"] };
  const documentSelector = ["file", "untitled"].map((scheme) => ({ scheme, language: "typescript" }));
  await new LanguageClient("native-typescript", "native-typescript", server, { documentSelector }).start();
};
`;

/**
 * Installs native TypeScript to the cache, and writes an extension that starts it where VS Code's settings ask for it.
 *
 * @param vsix - the extension's file
 */
export async function writeNativeTypeScript(vsix: string): Promise<void> {
  const folder = join(cacheDirectory(), `native-typescript-${VERSION}`);
  const program = join(
    folder,
    `node_modules/@typescript/native-preview-${process.platform}-${process.arch}/lib/tsgo`,
  );
  if (!existsSync(program)) {
    console.log(`  … installing native TypeScript ${VERSION}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const options = { cwd: folder, env: process.env, timeout: INSTALLATION };
    await runCommand("npm", ["install", `@typescript/native-preview@${VERSION}`], options);
  }
  const files = new Map([
    ["package.json", Buffer.from(JSON.stringify(MANIFEST))],
    ["main.js", Buffer.from(MAIN(require.resolve("vscode-languageclient/node"), program))],
    ["README.md", Buffer.from(`${MANIFEST.description}.\n`)],
    ["LICENSE.txt", Buffer.from("MIT\n")],
  ]);
  writeFileSync(vsix, packExtension(files, MANIFEST));
}
