import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join } from "node:path";
import process from "node:process";
import { exports as exportedBy } from "resolve.exports";
import { packageName } from "../../shared/public-packages.js";

/** A module of a package. */
export interface PackageModule {
  readonly file: string;
  /** `commonjs` may turn out to be an ES module where Node looks at the text to tell. */
  readonly format: "commonjs" | "module";
}

const COMMON_CONDITIONS = [
  "node",
  "node-addons",
  ...(process.features.require_module ? ["module-sync"] : []),
];
/** What Node answers to when it resolves an `import`. */
const IMPORT_CONDITIONS = [...COMMON_CONDITIONS, "import"];
/** The same for `require`. */
export const REQUIRE_CONDITIONS = [...COMMON_CONDITIONS, "require"];

type Manifest = {
  readonly name?: string;
  readonly type?: string;
  readonly main?: unknown;
  readonly exports?: unknown;
};

/** Whether a specifier is a path, relative or absolute. */
export const isPath = (specifier: string): boolean =>
  /^\.{1,2}(\/|$)/.test(specifier) || isAbsolute(specifier);

/** Whether a specifier is the name of a package, perhaps with a path in it. */
export const isBare = (specifier: string): boolean =>
  specifier !== "" &&
  !isPath(specifier) &&
  !isBuiltin(specifier) &&
  !specifier.startsWith("#") &&
  !/^[a-z]+:/.test(specifier);

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
  const file = packageFile(specifier, folder);
  return file === undefined ? undefined : packageModule(file);
}

/**
 * The file that a package means by a specifier, after its package.json as it is now: Node goes by the one that it has
 * read first.
 *
 * @param conditions - under which the package may export different files
 */
export function packageFile(
  specifier: string,
  folder: string,
  conditions: readonly string[] = IMPORT_CONDITIONS,
): string | undefined {
  const name = packageName(specifier);
  const place = packageFolder(folder, name);
  if (place === undefined) return undefined;
  const manifest = readManifest(place);
  const entry = specifier.slice(name.length + 1);
  const file =
    manifest?.exports == null
      ? required(place, entry === "" ? [manifest?.main, "index"] : [entry])
      : exported({ ...manifest, name }, entry, place, conditions);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** The module in a file of a package; undefined where only Node can tell what it is. */
export function packageModule(file: string): PackageModule | undefined {
  const path = realpathSync(file);
  const format = formatOf(path);
  return format && { file: path, format };
}

function exported(
  manifest: Manifest & { name: string },
  entry: string,
  place: string,
  conditions: readonly string[],
): string | undefined {
  try {
    const found = exportedBy(manifest, entry === "" ? "." : `./${entry}`, {
      unsafe: true,
      conditions: [...conditions],
    });
    const [target] = Array.isArray(found) ? found : [found];
    return target === undefined ? undefined : join(place, target);
  } catch {
    // It exports no such path: Node says so, and what it does export.
    return undefined;
  }
}

/** The first of the paths in a package that `require` takes. */
function required(place: string, paths: readonly unknown[]): string | undefined {
  const { resolve } = createRequire(join(place, "package.json"));
  for (const path of paths) {
    if (typeof path !== "string") continue;
    try {
      return resolve(join(place, path));
    } catch {
      // There is no such file: perhaps one of the next path, or else Node says so.
    }
  }
  return undefined;
}

function formatOf(file: string): PackageModule["format"] | undefined {
  switch (extname(file)) {
    case ".mjs":
      return "module";
    case ".cjs":
    case ".json":
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
