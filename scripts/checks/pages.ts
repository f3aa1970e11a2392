import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";

/** A Markdown page of the project. */
export interface Page {
  /** Its path from the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A block of code in a page. */
export interface Block {
  /** What stands after the fence, such as "ts"; empty where nothing does. */
  readonly language: string;
  readonly code: string;
  /** The line of its fence, counted from 1. */
  readonly line: number;
  /** What an HTML comment on the line above says of it, as "not run: why". */
  readonly note: string;
}

/** The folders that have pages; the rest of the project's pages are beside `package.json`. */
const FOLDERS = ["docs", "kernel", "scripts", "src", "test", "tools"];

/**
 * Reads every page of the project.
 *
 * @returns the pages, by path
 */
export function readPages(): Page[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name),
    ),
  );
  return [...readdirSync(packageRoot), ...inFolders]
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => ({
      path: name.split(sep).join("/"),
      text: readFileSync(join(packageRoot, name), "utf8"),
    }));
}

/**
 * Finds the blocks of code between fences.
 *
 * @param text - a page
 * @returns its blocks, from top to bottom
 */
export function blocksOf(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, fence, language = ""] = /^(`{3,})(\w*)/.exec(lines[index] ?? "") ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > index && line.trimEnd() === fence);
    const [, note = ""] = /^<!--\s*(.*?)\s*-->$/.exec(lines[index - 1] ?? "") ?? [];
    const last = end < 0 ? lines.length : end;
    blocks.push({ language, code: lines.slice(index + 1, last).join("\n"), line: index + 1, note });
    index = last;
  }
  return blocks;
}

/**
 * Empties what is code in a page, so that only prose is left, with the same lines.
 *
 * @param text - a page
 * @returns the page without blocks of code and HTML comments
 */
export function withoutBlocks(text: string): string {
  const empty = (match: string) => match.replace(/[^\n]/g, "");
  return text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, empty).replace(/<!--[\s\S]*?-->/g, empty);
}
