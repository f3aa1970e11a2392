import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import process from "node:process";
import { exports as exportedBy } from "resolve.exports";
import { packageName } from "../public-packages.js";

/** A module of a package. */
export interface PackageModule {
  readonly file: string;
  /** `commonjs` may turn out to be an ES module where Node looks at the text to tell. */
  readonly format: "commonjs" | "module";
}

/** What Node answers to when it resolves an `import`. */
const CONDITIONS = [
  "node",
  "import",
  "node-addons",
  ...(process.features.require_module ? ["module-sync"] : []),
];

type Manifest = { readonly name?: string; readonly type?: string; readonly exports?: unknown };

/** The folder of the package that Node finds from a folder; undefined if there is none. */
export function packageFolder(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, "node_modules", name);
    if (existsSync(found)) return found;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The module that an `import` of a package means: what the package exports or, where it says nothing of exports, what
 * `require` finds, since TypeScript takes file names without an extension and folders, too.
 *
 * @param specifier - a package and perhaps a path in it
 * @param folder - of the importing code
 * @returns undefined for what only Node's own `import` knows how to load, or how to refuse
 */
export function resolvePackage(specifier: string, folder: string): PackageModule | undefined {
  const name = packageName(specifier);
  const place = packageFolder(folder, name);
  if (place === undefined) return undefined;
  const manifest = readManifest(place);
  const file =
    manifest?.exports == null
      ? required(specifier, folder)
      : exported({ ...manifest, name }, specifier.slice(name.length + 1), place);
  return file === undefined || !existsSync(file) ? undefined : packageModule(file);
}

/** The module in a file of a package; undefined where only Node can tell what it is. */
export function packageModule(file: string): PackageModule | undefined {
  const path = realpathSync(file);
  const format = formatOf(path);
  return format && { file: path, format };
}

function exported(manifest: Manifest & { name: string }, entry: string, place: string): string | undefined {
  try {
    const found = exportedBy(manifest, entry === "" ? "." : `./${entry}`, {
      unsafe: true,
      conditions: CONDITIONS,
    });
    const [target] = Array.isArray(found) ? found : [found];
    return target === undefined ? undefined : join(place, target);
  } catch {
    // It exports no such path: Node says so, and what it does export.
    return undefined;
  }
}

function required(specifier: string, folder: string): string | undefined {
  try {
    return createRequire(join(folder, "cell.js")).resolve(specifier);
  } catch {
    // There is no such file: Node says so.
    return undefined;
  }
}

function formatOf(file: string): PackageModule["format"] | undefined {
  switch (extname(file)) {
    case ".mjs":
      return "module";
    case ".cjs":
      return "commonjs";
    case ".js":
    case "":
      return typeOf(dirname(file));
    default:
      return undefined;
  }
}

/** What the nearest package.json says of files whose names do not tell. */
function typeOf(folder: string): PackageModule["format"] {
  const manifest = readManifest(folder);
  if (manifest !== undefined) return manifest.type === "module" ? "module" : "commonjs";
  const parent = dirname(folder);
  return parent === folder || /[\\/]node_modules$/.test(folder) ? "commonjs" : typeOf(parent);
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}
