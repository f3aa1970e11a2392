import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import { readNpmSpecifier, remedyFor } from "../../shared/npm-specifier.js";
import { isInRange } from "../../shared/version-range.js";
import { packageFolder } from "./package-resolution.js";

/** The schemes of registries that Node has no modules from. */
const FOREIGN_SCHEME = /^(jsr|https?):/;

/**
 * The name by which Node knows what a specifier means: Deno's `npm:name@range/path` is the package of that name.
 *
 * @param folder - of the importing code
 * @throws {Error} when the package is there in a version outside the range, or if the scheme is one that Node cannot
 * load
 */
export function nodeSpecifier(written: string, folder: string): string {
  const scheme = FOREIGN_SCHEME.exec(written)?.[1];
  if (scheme !== undefined) throw foreignScheme(written, scheme, folder);
  const npm = readNpmSpecifier(written);
  if (npm === undefined) return written;
  const place = packageFolder(folder, npm.name) ?? packageFolder(packageRoot, npm.name);
  if (npm.range !== undefined && place !== undefined) {
    const text = readFileSync(join(place, "package.json"), "utf8");
    const { version = "0.0.0" } = JSON.parse(text) as { readonly version?: string };
    if (!isInRange(version, npm.range)) {
      throw new Error(
        `Cannot import "${written}": the version must be ${npm.range}, got ${version} in ${place}; ${remedyFor(written, folder)}`,
      );
    }
  }
  return npm.bare;
}

function foreignScheme(written: string, scheme: string, folder: string): Error {
  const remedy =
    scheme === "jsr"
      ? `run npx jsr add ${written.slice("jsr:".length).replace(/^\//, "")} in ${folder} and import it without "jsr:"`
      : "install the package by npm and import it by its name";
  return new Error(`Cannot import "${written}": Node.js has no modules of "${scheme}:"; ${remedy}`);
}
