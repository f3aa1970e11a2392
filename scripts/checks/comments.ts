import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";

const FOLDERS = ["bench", "campaign", "cli", "kernel", "scripts", "setup", "src", "test"];

/** Comments name a parameter in one way: its name, a dash, and what it is. */
export const parametersHaveDashes: Check = {
  name: "comments have a dash after a parameter's name",
  run: async () =>
    FOLDERS.flatMap((folder) =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .flatMap((name) => {
          const path = join(folder, name);
          return missingDashes(path.split(sep).join("/"), readFileSync(join(packageRoot, path), "utf8"));
        }),
    ),
};

/**
 * Finds parameters in comments without a dash after their names.
 *
 * @param path - the file's name, for the messages
 * @param text - its content
 * @returns one line a problem
 */
export function missingDashes(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const [, name] = /^\s*(?:\/\*)?\*+\s*@param (\[?[\w.]+\]?)(?![\w.\]])(?! - \S)/.exec(line) ?? [];
    return name === undefined ? [] : [`${path}:${index + 1}: write "@param ${name} - what it is"`];
  });
}
