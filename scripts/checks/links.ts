import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";
import { type Page, readPages, withoutBlocks } from "./pages.js";
import { sourceFiles } from "./sources.js";

/**
 * Every link in a page leads to a file, and to a heading where it names one. Addresses on the network are not asked. The
 * sources that a page names are there.
 */
export const linksLead: Check = {
  name: "links in the pages lead somewhere",
  run: async () => {
    const pages = readPages();
    return [...brokenLinks(pages), ...missingSources(pages, sourceFiles())];
  },
};

/**
 * Finds sources that pages name and that are not there. A page names a source by the end of its path, as
 * `client/compiler-client.ts`.
 *
 * @param pages - the pages
 * @param files - the paths of all sources
 * @returns one line a problem
 */
export function missingSources(pages: readonly Page[], files: readonly string[]): string[] {
  return pages.flatMap(({ path, text }) =>
    withoutBlocks(text)
      .split("\n")
      .flatMap((line, index) =>
        [...line.matchAll(/`([\w./-]+\.(?:ts|mjs|cc|h|py))`/g)]
          .map(([, name = ""]) => name)
          .filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))
          .map((name) => `${path}:${index + 1}: there is no source ${name}`),
      ),
  );
}

/** A link in a page. */
interface Link {
  readonly target: string;
  readonly line: number;
}

/**
 * Finds links that lead nowhere.
 *
 * @param pages - all pages
 * @param exists - whether there is a file or folder at a path from the project's folder
 * @returns one line a problem
 */
export function brokenLinks(
  pages: readonly Page[],
  exists: (path: string) => boolean = (path) => existsSync(join(packageRoot, path)),
): string[] {
  const headings = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]));
  return pages.flatMap(({ path, text }) =>
    linksOf(text).flatMap(({ target, line }) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file = "", anchor] = target.split("#");
      const to = file === "" ? path : join(dirname(path), file);
      const place = `${path}:${line}: the link to ${target}`;
      if (!exists(to)) return [`${place}: there is no ${to}`];
      if (anchor === undefined || headings.get(to)?.has(anchor)) return [];
      return [`${place}: ${to} has no heading #${anchor}`];
    }),
  );
}

/** Links and pictures of Markdown and HTML, outside code. */
function linksOf(text: string): Link[] {
  return withoutBlocks(text)
    .split("\n")
    .flatMap((content, index) => {
      const prose = content.replace(/`[^`]*`/g, "");
      const found = [...prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)];
      return found.map(([, markdown, html]) => ({ target: markdown ?? html ?? "", line: index + 1 }));
    });
}

/**
 * Finds the anchors of a page's headings, as GitHub names them.
 *
 * @param text - the page
 * @returns the anchors
 */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutBlocks(text).matchAll(/^#+\s+(.+?)\s*$/gm)) {
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * Makes the anchor of a heading, as GitHub does.
 *
 * @param heading - its text
 * @returns the anchor, without a number for headings that are equal
 */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
