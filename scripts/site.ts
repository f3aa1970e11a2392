// `npm run site`: builds the site of the pages and lectures in out/site. Lectures that are not in out/ are run first.
import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { setUp, venvPython } from "../setup/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { executeNotebook } from "./notebooks/execute.js";
import { select } from "./notebooks/selection.js";
import { runMain } from "./run-main.js";
import { buildSite, siteFolder } from "./site/build.js";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { base: { type: "string", default: "/" } } });
  const { notebooks, size } = select([], join(packageRoot, "notebooks"), process.env);
  const out = join(packageRoot, "out");
  const missing = notebooks.filter((notebook) => !existsSync(join(out, basename(notebook))));
  if (missing.length > 0) await setUp();
  mkdirSync(out, { recursive: true });
  for (const notebook of missing) {
    const env = { ...process.env, RNNLAB_SIZE: size };
    const write = (text: string) => process.stdout.write(text);
    const { passed, error } = await executeNotebook(notebook, {
      python: venvPython(),
      out,
      size,
      env,
      write,
    });
    if (!passed) throw new Error(`Cannot make the site: ${basename(notebook)} must run, got ${error}`);
  }
  await buildSite(siteFolder, values.base);
  console.log(`The site: ${siteFolder}; see it with: python3 -m http.server --directory out/site`);
  return 0;
}

runMain(main);
