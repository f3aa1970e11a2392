import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";

/** What VS Code reads of the extension's package.json, as far as it is needed here. */
export interface ExtensionManifest {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly publisher: string;
  readonly version: string;
  readonly categories: readonly string[];
  readonly engines: { readonly vscode: string };
}

/** The extension's files by their paths within it. */
export type ExtensionFiles = ReadonlyMap<string, Uint8Array>;

const SOURCE = join(packageRoot, "editors/vscode");
/** What VS Code loads, and its TypeScript server. */
const MAIN = join(packageRoot, "dist/editors/vscode/main.js");
const PLUGIN = join(packageRoot, "dist/editors/vscode/tsserver-plugin.js");
/** As package.json names it. */
const PLUGIN_FOLDER = "node_modules/rnnlab-cells";

/** Collects all that the extension consists of. */
export function extensionFiles(): { readonly files: ExtensionFiles; readonly manifest: ExtensionManifest } {
  const files = new Map<string, Uint8Array>();
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const manifest = { ...JSON.parse(readFileSync(join(SOURCE, "package.json"), "utf8")), version };
  files.set("package.json", Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  for (const path of filesWithin(SOURCE).filter((each) => each.endsWith(".md")))
    files.set(path, readFileSync(join(SOURCE, path)));
  files.set("LICENSE.txt", readFileSync(join(packageRoot, "LICENSE")));
  const packages = new Set<string>();
  for (const file of reachedFrom(MAIN, packages))
    files.set(relative(packageRoot, file).split(sep).join("/"), readFileSync(file));
  files.set(`${PLUGIN_FOLDER}/index.js`, readFileSync(PLUGIN));
  files.set(`${PLUGIN_FOLDER}/package.json`, Buffer.from('{ "name": "rnnlab-cells", "main": "index.js" }\n'));
  for (const [path, file] of packageFiles(packages)) files.set(path, readFileSync(file));
  return { files, manifest };
}

const IMPORT = /\brequire\("([^"]+)"\)/g;

/** A compiled file and all that it imports by path; the packages that they import are added to a set. */
function reachedFrom(main: string, packages: Set<string>): Set<string> {
  const reached = new Set([main]);
  for (const file of reached) {
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (specifier.startsWith(".")) reached.add(join(dirname(file), specifier));
      // VS Code provides its own, and Node its own.
      else if (specifier !== "vscode" && !specifier.startsWith("node:")) packages.add(packageOf(specifier));
    }
  }
  return reached;
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** The files of packages, and of those that they depend on, at the places where they are found from the extension. */
function packageFiles(names: ReadonlySet<string>): Map<string, string> {
  const files = new Map<string, string>();
  const waiting = [...names].map((name) => ({ name, from: packageRoot, into: "" }));
  for (const { name, from, into } of waiting) {
    const folder = packageFolder(name, from);
    const place = `${into}node_modules/${name}`;
    // What is installed beside its dependents is shared here, too.
    const shared = relative(packageRoot, folder).split(sep).join("/");
    const target = shared.startsWith("node_modules/") ? shared : place;
    if (files.has(`${target}/package.json`)) continue;
    for (const path of filesWithin(folder).filter(isNeeded))
      files.set(`${target}/${path}`, join(folder, path));
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    waiting.push(
      ...Object.keys(dependencies).map((each) => ({ name: each, from: folder, into: `${target}/` })),
    );
  }
  return files;
}

/** The folder of a package as Node finds it. */
function packageFolder(name: string, from: string): string {
  for (const folder of createRequire(join(from, "index.js")).resolve.paths(name) ?? []) {
    const found = join(folder, name);
    if (statSync(join(found, "package.json"), { throwIfNoEntry: false }) !== undefined) return found;
  }
  throw new Error(`Cannot write the extension: the package ${name} is not installed; run npm install`);
}

/** What runs and what the licences ask for. */
const isNeeded = (path: string): boolean =>
  /\.(?:c?js|json)$|licen[cs]e|notices/i.test(path) && !/(?:^|\/)(?:browser|esm|test)\//.test(path);

/** The files in a folder, without those of packages in it. */
function filesWithin(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.startsWith("node_modules/"));
}
