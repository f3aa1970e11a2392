// `npm run format`: writes TypeScript, C++ and Python in the project's format.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../setup/run-command.js";
import { packageRoot } from "../src/platform/package-root.js";
import { filesOf, otherFormats } from "./checks/formatters.js";
import { runMain } from "./run-main.js";

async function main(): Promise<number> {
  const biome = join(packageRoot, "node_modules/@biomejs/biome/bin/biome");
  await runCommand(process.execPath, [biome, "format", "--write"], { cwd: packageRoot });
  for (const { path, text, language } of filesOf(await otherFormats())) {
    const formatted = language.format(text, path);
    if (formatted === text) continue;
    writeFileSync(join(packageRoot, path), formatted);
    console.log(path);
  }
  return 0;
}

runMain(main);
