import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout's own directory: this file is compiled to dist/test/golden. */
export const projectDirectory = resolve(__dirname, "../../..");

/** Reads test/golden/NAME.json, which the script of the same name wrote. */
export function readGolden<Golden>(name: string): Golden {
  return JSON.parse(readFileSync(join(projectDirectory, "test/golden", `${name}.json`), "utf8")) as Golden;
}
