import { join } from "node:path";
import { CommandError, runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";

/** Biome: formatting, lint rules, circular imports. */
export const formatAndLint: Check = {
  name: "format, lint and no circular imports",
  run: () => problemsOf("@biomejs/biome/bin/biome", ["check", "--colors=off", "--max-diagnostics=50"]),
};

/** The compiler, with the strict settings of tsconfig.json. */
export const types: Check = {
  name: "types",
  run: () =>
    problemsOf("typescript/bin/tsc", ["-p", join(packageRoot, "tsconfig.json"), "--pretty", "false"]),
};

async function problemsOf(tool: string, args: readonly string[]): Promise<string[]> {
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
