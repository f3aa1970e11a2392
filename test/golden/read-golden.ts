import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";

/** Reads test/golden/NAME.json, which the script of the same name wrote. */
export function readGolden<Golden>(name: string): Golden {
  return JSON.parse(readFileSync(join(packageRoot, "test/golden", `${name}.json`), "utf8")) as Golden;
}
