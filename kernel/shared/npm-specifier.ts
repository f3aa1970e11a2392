import { installHint, packageName } from "./public-packages.js";

/** What `npm:@scope/name@^1/sub` says. */
export interface NpmSpecifier {
  readonly name: string;
  /** The range of versions after the `@`; undefined where any will do. */
  readonly range: string | undefined;
  /** The name and the path within the package, as Node imports them. */
  readonly bare: string;
}

const NPM = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?((?:\/.*)?)$/;

/** Reads a specifier in the way of Deno; undefined for any other. */
export function readNpmSpecifier(specifier: string): NpmSpecifier | undefined {
  const match = NPM.exec(specifier);
  if (match === null) return undefined;
  const [, name = "", range, path = ""] = match;
  return { name, range, bare: name + (path === "/" ? "" : path) };
}

/** A specifier as Node knows it. */
export const withoutNpm = (specifier: string): string => readNpmSpecifier(specifier)?.bare ?? specifier;

/** What to do where the package of a specifier is not there, or not in the version that it demands. */
export function remedyFor(specifier: string, folder: string): string {
  const npm = readNpmSpecifier(specifier);
  if (npm?.range === undefined) return installHint(packageName(withoutNpm(specifier)), folder);
  const wanted = `${npm.name}@${npm.range}`;
  return installHint(/^[\w@./-]+$/.test(wanted) ? wanted : `"${wanted}"`, folder);
}
