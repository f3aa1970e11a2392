const FACTOR = 0x5bd1e995;
const SHIFT = 24;

const mix = (value: number): number => Math.imul(value ^ (value >>> SHIFT), FACTOR);

/** MurmurHash2 of a text's UTF-8, by which front ends name the cells: JupyterLab knows no other way. */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, "utf8");
  const whole = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    hash = Math.imul(hash, FACTOR) ^ mix(Math.imul(bytes.readInt32LE(at), FACTOR));
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) hash ^= (bytes[at] ?? 0) << (8 * (at - whole));
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return (hash ^ (hash >>> 15)) >>> 0;
}
