/**
 * What a hook on Node's resolving does once a module has failed: it gives what has failed a URL that Node does not know,
 * and tells what imports what. It runs in the session or, on older versions of Node, in a thread (`watch-thread.ts`).
 */
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { currentUrl, type Failures, withoutCounts } from "../errors/module-urls.js";
import { isBare, packageFile } from "./package-resolution.js";

export type Attributes = Readonly<Record<string, string>>;

/** That one module imports another one. */
export type Sight = readonly [importer: string, imported: string, attributes: Attributes];

/** What the session tells the thread of hooks. */
export type Failure = readonly [url: string, count: number];

export interface Context {
  readonly parentURL?: string;
  readonly conditions?: readonly string[];
  readonly importAttributes?: Attributes;
}

export interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}

/**
 * What a specifier that Node does not resolve means, after the package.json as it is now.
 *
 * @returns a URL; undefined where Node is right
 */
export function mended(specifier: string, { parentURL, conditions }: Context): string | undefined {
  if (!parentURL?.startsWith("file:") || !isBare(specifier)) return undefined;
  const file = packageFile(specifier, dirname(fileURLToPath(parentURL)), conditions);
  return file && pathToFileURL(file).href;
}

/** @param tell - hears of each import that was seen */
export function watched(
  resolved: Resolved,
  { parentURL = "", conditions, importAttributes = {} }: Context,
  failures: Failures,
  tell: (sight: Sight) => void,
): Resolved {
  if (!/^(?:data|file):/.test(resolved.url) || !conditions?.includes("import")) return resolved;
  const url = withoutCounts(resolved.url);
  tell([withoutCounts(parentURL), url, importAttributes]);
  return { ...resolved, url: currentUrl(url, failures) };
}
