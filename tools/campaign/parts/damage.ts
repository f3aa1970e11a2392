import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import type { Random } from "../../random.js";

/** Changes bytes; undefined where the kind does not apply to this file. */
type Change = (bytes: Buffer, random: Random) => Uint8Array | undefined;

const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e9,
  2 ** 53,
  "",
  "no such thing",
  "../../../etc/passwd",
  [],
  {},
  [[[]]],
  { class_name: "Dense", config: {} },
  "x".repeat(1_000_000),
];

const changes: Readonly<Record<string, Change>> = {
  empty: () => Buffer.alloc(0),
  "cut off": (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  "flipped bits": (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let n = random.integer(20); n >= 0; n--) {
      const at = random.integer(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.integer(8));
    }
    return changed;
  },
  "random bytes inside": (bytes, random) => {
    const changed = Buffer.from(bytes);
    random.bytes(1 + random.integer(64)).copy(changed, random.integer(changed.length));
    return changed;
  },
  "a large number inside": (bytes, random) => {
    const changed = Buffer.from(bytes);
    const ones = Buffer.alloc(random.pick([2, 4, 8]), 255);
    ones.copy(changed, random.integer(Math.min(changed.length, 512)));
    return changed;
  },
  "a part twice": (bytes, random) => {
    const at = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.integer(at + 1))]);
  },
  "random bytes": (_, random) => random.bytes(1 + random.integer(2000)),
  "its beginning, then random bytes": (bytes, random) =>
    Buffer.concat([bytes.subarray(0, 16), random.bytes(2000)]),
  "a hostile value": changeJson,
  "flipped bits in what is packed": (bytes, random) => {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gzipSync(flip(gunzipSync(bytes), random));
    return repack(bytes, random, flip);
  },
  "digits changed": (bytes, random) => {
    const text = bytes.toString("latin1");
    const digits = [...text.matchAll(/\d+/g)];
    if (digits.length === 0) return undefined;
    const { index = 0, 0: number } = random.pick(digits);
    const other = random.pick(["-1", "0", "99999999999", "1e999", "NaN"]);
    return Buffer.from(text.slice(0, index) + other + text.slice(index + number.length), "latin1");
  },
  // 400 MB of zeros in 400 kB.
  "packed zeros": (bytes, random) => {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gzipSync(Buffer.alloc(4e8));
    return isZip(bytes) ? bomb(bytes, random) : undefined;
  },
};

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Buffer.from(bytes);
  const at = random.integer(Math.max(1, changed.length));
  if (at < changed.length) changed[at] = random.integer(256);
  return changed;
}

const isZip = (bytes: Buffer) => bytes.toString("latin1", 0, 2) === "PK";

/** Changes one file of an archive. */
function repack(
  bytes: Buffer,
  random: Random,
  change: (content: Uint8Array, random: Random) => Uint8Array | undefined,
): Uint8Array | undefined {
  if (!isZip(bytes)) return undefined;
  const files = unzipSync(bytes);
  const name = random.pick(Object.keys(files));
  const changed = change(files[name] ?? new Uint8Array(), random);
  return changed === undefined ? undefined : zipSync({ ...files, [name]: changed });
}

/** One file of the archive becomes zeros that are packed a thousand times smaller, with its true sizes. */
function bomb(bytes: Buffer, random: Random): Uint8Array | undefined {
  return repack(bytes, random, () => new Uint8Array(4e8));
}

/** Puts a value of another type or size somewhere into the JSON of a file, or of a file in the archive. */
function changeJson(bytes: Buffer, random: Random): Uint8Array | undefined {
  if (isZip(bytes)) {
    const files = unzipSync(bytes);
    const names = Object.keys(files).filter((name) => name.endsWith(".json"));
    if (names.length === 0) return undefined;
    const name = random.pick(names);
    const changed = changeJson(Buffer.from(files[name] ?? []), random);
    return changed === undefined ? undefined : zipSync({ ...files, [name]: changed });
  }
  if (bytes[0] !== 0x7b) return undefined;
  const root: unknown = JSON.parse(bytes.toString("utf8"));
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  collect(root, places);
  if (places.length === 0) return undefined;
  const { holder, key } = random.pick(places);
  if (random.next() < 0.2) delete holder[key];
  else holder[key] = random.pick(hostileValues);
  return Buffer.from(JSON.stringify(root));
}

function collect(value: unknown, places: { holder: Record<string, unknown>; key: string }[]): void {
  if (typeof value !== "object" || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    places.push({ holder, key });
    collect(holder[key], places);
  }
}

/** What is put in a file's place. */
const replacements: Readonly<Record<string, (path: string) => void>> = {
  "a pipe": (path) => void execFileSync("mkfifo", [path]),
  "a link to /dev/zero": (path) => symlinkSync("/dev/zero", path),
  "a link to itself": (path) => symlinkSync(path, path),
  "a folder": (path) => mkdirSync(path),
  nothing: () => undefined,
};

export const damageKinds = [...Object.keys(changes), ...Object.keys(replacements)];

/**
 * Damages a file in place.
 *
 * @returns false where this kind does not apply
 */
export function damage(kind: string, path: string, random: Random): boolean {
  const replace = replacements[kind];
  if (replace !== undefined) {
    rmSync(path);
    replace(path);
    return true;
  }
  const changed = changes[kind]?.(readFileSync(path), random);
  if (changed === undefined) return false;
  writeFileSync(path, changed);
  return true;
}
