import { isDeepStrictEqual } from "node:util";
import { plain } from "../../kernel-client/index.js";
import { Failure } from "../tally.js";

/** A mime bundle and what else an output may have, in a message or in a notebook. */
interface Output {
  readonly name?: unknown;
  readonly text?: unknown;
  readonly data?: unknown;
  readonly ename?: unknown;
  readonly evalue?: unknown;
}

/** Takes outputs one after the other as a list of texts; text of one stream in a row is one. */
export function outputsOf(outputs: readonly (readonly [type: string, content: Output])[]): string[] {
  const texts: string[] = [];
  for (const [type, content] of outputs) {
    const text = type === "stream" ? `${content.name} ${content.text}` : describe(type, content);
    const prefix = `${content.name} `;
    const last = texts.at(-1);
    if (type === "stream" && last?.startsWith(prefix)) texts[texts.length - 1] = last + content.text;
    else texts.push(text);
  }
  return texts;
}

function describe(type: string, { data, ename, evalue }: Output): string {
  if (type === "error") return `error ${ename}: ${evalue}`;
  const bundle = (data ?? {}) as Record<string, unknown>;
  return `${type} ${plain(String(bundle["text/html"] ?? bundle["text/plain"]))}`;
}

/** Fails if outputs are not those expected; the message says which is the first that differs. */
export function demandOutputs(actual: readonly string[], expected: readonly string[], code: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const at = expected.findIndex((text, index) => text !== actual[index]);
  const where = at === -1 ? expected.length : at;
  const show = (text: string | undefined) => JSON.stringify(text?.slice(0, 200));
  throw new Failure(
    "lost",
    `output ${where} of ${expected.length} must be ${show(expected[where])}, got ${show(actual[where])} (${actual.length} in all)\n${code.slice(0, 1000)}`,
  );
}
