import { Buffer } from "node:buffer";
import { url } from "node:inspector";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { compiledScript } from "./stack-traces.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BITS = 5;
const CONTINUES = 1 << BITS;

/** The mappings up to the line of the first place in the text, and that line; places in the JavaScript alone have one number. */
const FIRST_LINE = /^((?:[,;]|[g-z0-9+/]*[A-Za-f](?=[,;]))*(?:[g-z0-9+/]*[A-Za-f]){2})([g-z0-9+/]*[A-Za-f])/;

/**
 * What a script ends with so that clients of Node's inspector know its TypeScript: its source map, in a comment. It is empty
 * while no inspector is open.
 *
 * @param script - the name under which V8 knows it
 */
export function mapComment(script: string): string {
  if (url() === undefined) return "";
  const compiled = compiledScript(script);
  if (compiled === undefined) return "";
  const { label, text, json, headerLines } = compiled;
  const { names, mappings } = JSON.parse(json) as { names: readonly string[]; mappings: string };
  const source = isAbsolute(label) ? pathToFileURL(label).href : `${label}.ts`;
  const map = {
    version: 3,
    sources: [source],
    sourcesContent: [text],
    names,
    mappings: withoutHeader(mappings, headerLines),
  };
  const encoded = Buffer.from(JSON.stringify(map)).toString("base64");
  return `\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

/** Mappings to a text without its first lines: all numbers but the first count from the one before. */
const withoutHeader = (mappings: string, lines: number): string =>
  mappings.replace(FIRST_LINE, (_, before: string, line: string) => before + written(read(line) - lines));

function read(text: string): number {
  const value = [...text].reduceRight(
    (sum, digit) => sum * CONTINUES + (DIGITS.indexOf(digit) & (CONTINUES - 1)),
    0,
  );
  return value & 1 ? -(value >>> 1) : value >>> 1;
}

function written(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = "";
  do {
    const digit = rest & (CONTINUES - 1);
    rest >>>= BITS;
    text += DIGITS[rest > 0 ? digit | CONTINUES : digit];
  } while (rest > 0);
  return text;
}
