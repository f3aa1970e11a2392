import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";
import { sourceFiles } from "./sources.js";

/** Ruff's own rules, the order of imports, and today's Python. The scripts name small functions with a lambda (E731). */
const RUFF = {
  "line-length": 110,
  lint: { select: ["E4", "E7", "E9", "F", "I", "UP"], ignore: ["E731"] },
};

/** A language that Biome does not know. */
interface Language {
  readonly files: RegExp;
  readonly format: (text: string, path: string) => string;
  /** What is wrong with a text besides its format. */
  readonly lint: (text: string) => readonly string[];
}

/** C++ and Python have the format of clang-format and ruff, and ruff finds nothing. */
export const otherLanguages: Check = {
  name: "format of C++, format and lint of Python",
  run: async () => {
    const languages = await otherFormats();
    return filesOf(languages).flatMap(({ path, text, language }) => [
      ...(language.format(text, path) === text ? [] : [`${path}: must be formatted: run npm run format`]),
      ...language.lint(text).map((problem) => `${path}:${problem}`),
    ]);
  },
};

/**
 * Loads the formatters of C++ and Python, which are WebAssembly.
 *
 * @returns the languages
 */
export async function otherFormats(): Promise<readonly Language[]> {
  // An ES module, which reads its WebAssembly while it is loaded.
  const clang = await import("@wasm-fmt/clang-format/node");
  const style = readFileSync(join(packageRoot, ".clang-format"), "utf8");
  const ruff = new Workspace(RUFF, PositionEncoding.Utf16);
  return [
    {
      files: /\.(cc|h)$/,
      format: (text, path) => clang.format(text, path, style),
      lint: () => [],
    },
    {
      files: /\.py$/,
      format: (text) => ruff.format(text),
      lint: (text) => {
        const found: readonly Diagnostic[] = ruff.check(text);
        return found.map(({ code, message, start_location: { row } }) => `${row}: ${code} ${message}`);
      },
    },
  ];
}

/**
 * Finds the files of some languages.
 *
 * @param languages - as {@link otherFormats} gives them
 * @returns each with its text
 */
export function filesOf(
  languages: readonly Language[],
): { path: string; text: string; language: Language }[] {
  return sourceFiles().flatMap((path) => {
    const language = languages.find(({ files }) => files.test(path));
    return language === undefined
      ? []
      : [{ path, text: readFileSync(join(packageRoot, path), "utf8"), language }];
  });
}
