// `npm run api`: writes docs/api, the reference of the modules, from their declarations.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiFolder, apiPages } from "./checks/api-pages.js";
import { runMain } from "./run-main.js";

async function main(): Promise<number> {
  rmSync(apiFolder, { recursive: true, force: true });
  mkdirSync(apiFolder, { recursive: true });
  for (const [name, text] of apiPages()) writeFileSync(join(apiFolder, name), text);
  return 0;
}

runMain(main);
