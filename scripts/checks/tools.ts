import { join } from "node:path";
import { CommandError, runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";

/** Biome: formatting, lint rules, circular imports. */
export const formatAndLint: Check = {
  name: "format, lint and no circular imports",
  run: () => toolProblems("@biomejs/biome/bin/biome", ["check", "--colors=off", "--max-diagnostics=50"]),
};

/** The compiler, with the strict settings of tsconfig.json. */
export const types: Check = {
  name: "types",
  run: () =>
    toolProblems("typescript/bin/tsc", ["-p", join(packageRoot, "tsconfig.json"), "--pretty", "false"]),
};

/** Words of the pages are known to the dictionaries, or stand in cspell.json. */
export const spelling: Check = {
  name: "spelling of the pages",
  run: () => toolProblems("cspell/bin.mjs", ["lint", "--no-progress", "--no-color", "--no-summary"]),
};

async function toolProblems(tool: string, args: readonly string[]): Promise<string[]> {
  try {
    await runCommand(process.execPath, [join(packageRoot, "node_modules", tool), ...args], {
      cwd: packageRoot,
      lines: Number.POSITIVE_INFINITY,
    });
    return [];
  } catch (error) {
    if (error instanceof CommandError) return [error.message];
    throw error;
  }
}
