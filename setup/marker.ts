import { readFileSync } from "node:fs";

/**
 * Reads what an earlier set-up noted about its result.
 *
 * @param path - the file
 * @returns its content, or undefined if it is missing or was cut off while it was written
 */
export function readMarker(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
