import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readRegularFile, withRegularFile } from "../formats/regular-file.js";
import type { DatasetFile } from "./registry.js";

/** What is checked, and what messages call it. */
type ChecksummedFile = Pick<DatasetFile, "name" | "fileName" | "sha256" | "substitutes">;

/** Most bytes of a checksums.json. */
const LARGEST_LIST = 2 ** 20;

/** The sha256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  return await withRegularFile(file, {}, async (handle) => {
    const hash = createHash("sha256");
    await pipeline(handle.createReadStream({ autoClose: false }), hash);
    return hash.digest("hex");
  });
}

/**
 * Verifies a local file's sha256 where one is known. In the cache it must be the registry's. In a directory that the
 * user named it may be a known substitute's, too; and if the directory holds a `checksums.json`
 * (`{ "file name": "sha256" }`) that lists the file, that checksum alone counts: so the owner of a directory declares a
 * substitute of his own.
 *
 * @throws {Error} when the checksum differs, or checksums.json is not such an object
 */
export async function verifyChecksum(
  entry: ChecksummedFile,
  file: string,
  options: { readonly namedByUser: boolean },
): Promise<void> {
  const declared = options.namedByUser ? await declaredChecksum(entry, dirname(file)) : undefined;
  const expected = declared ?? entry.sha256;
  if (expected === undefined) return;
  const accepted = [expected];
  if (options.namedByUser && declared === undefined) accepted.push(...(entry.substitutes ?? []));
  const actual = await sha256Of(file);
  if (accepted.some((checksum) => checksum.toLowerCase() === actual)) return;
  const repair = options.namedByUser
    ? `; put the right file at ${file}, or declare this one in checksums.json beside it`
    : `; delete ${file} and load again`;
  throw new Error(
    `Cannot load ${entry.name}: checksum differs (expected ${expected}, got ${actual})${repair}`,
  );
}

async function declaredChecksum(entry: ChecksummedFile, directory: string): Promise<string | undefined> {
  const file = join(directory, "checksums.json");
  if (!existsSync(file)) return undefined;
  const rule = `${file} must be an object of file names and sha256 checksums`;
  const text = (await readRegularFile(file, { largest: LARGEST_LIST })).toString("utf8");
  let declared: unknown;
  try {
    declared = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot load ${entry.name}: ${rule}, got no valid JSON`, { cause });
  }
  if (typeof declared !== "object" || declared === null) {
    throw new TypeError(`Cannot load ${entry.name}: ${rule}, got ${JSON.stringify(declared)}`);
  }
  const checksum: unknown = Reflect.get(declared, entry.fileName);
  if (checksum === undefined) return undefined;
  if (typeof checksum !== "string" || !/^[0-9a-f]{64}$/i.test(checksum)) {
    throw new TypeError(
      `Cannot load ${entry.name}: ${rule}, got ${JSON.stringify(checksum)} for ${entry.fileName}`,
    );
  }
  return checksum;
}
