import type { CompilerClient } from "../compiler/client/compiler-client.js";
import { toCodePoints, toCodeUnits } from "../protocol/text-offsets.js";
import type { Json } from "../protocol/wire.js";
import type { Completions } from "../shared/compiler-messages.js";
import type { HelpQuestion } from "../shared/help-question.js";
import { isForKernel } from "../shared/kernel-command.js";
import { log } from "../shared/log.js";
import { MAGICS, magicWordAt, takesLines } from "../shared/magics.js";
import { markdownOf, plainTextOf } from "../shared/quick-info-text.js";
import { shownValue } from "../shared/shown-value.js";
import { helpOf } from "./magics.js";

/** Reads a field of a request's content. */
export function textField(content: Json, name: string): string {
  const value = content[name];
  if (typeof value !== "string")
    throw new TypeError(`Cannot read the request: ${name} must be a string, got ${typeof value}`);
  return value;
}

/** Reads a field that is an object, or left out. */
export function objectField(content: Json, name: string): Json {
  const value = content[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Json;
  throw new TypeError(`Cannot read the request: ${name} must be an object, got ${shownValue(value)}`);
}

function cursorField(content: Json, code: string): number {
  const value = content.cursor_pos;
  // Old clients leave the cursor out and mean the end.
  if (value === undefined || value === null) return code.length;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new RangeError(
      `Cannot read the request: cursor_pos must be a non-negative integer, got ${shownValue(value)}`,
    );
  }
  return toCodeUnits(code, value);
}

/** Answers `complete_request`. */
export async function completeReply(compiler: CompilerClient, content: Json): Promise<Json> {
  const code = textField(content, "code");
  const cursor = cursorField(content, code);
  const { start, end, entries } =
    magicCompletions(code, cursor) ?? (await compiler.call("complete", code, cursor));
  const from = toCodePoints(code, start);
  const to = toCodePoints(code, end);
  return {
    status: "ok",
    matches: entries.map(({ text }) => text),
    cursor_start: from,
    cursor_end: to,
    metadata: {
      _jupyter_types_experimental: entries.map(({ text, kind, signature }) => ({
        text,
        type: kind,
        signature,
        start: from,
        end: to,
      })),
    },
  };
}

/** The magics that begin like the word at a place. */
function magicCompletions(code: string, offset: number): Completions | undefined {
  const word = magicWordAt(code, offset);
  if (word === undefined) return undefined;
  const begun = code.slice(word.start, offset);
  const all = [...MAGICS].flatMap(([name, { takesText, takesCode, summary }]) => {
    const marks = takesText ? ["%%"] : takesCode ? ["%", "%%"] : ["%"];
    return marks.map((each) => ({ text: each + name, kind: "function" as const, signature: summary }));
  });
  return { ...word, entries: all.filter(({ text }) => text.startsWith(begun)) };
}

/**
 * Answers `inspect_request`.
 *
 * @param now - tells what a variable of the notebook is now
 */
export async function inspectReply(
  compiler: CompilerClient,
  content: Json,
  now: (variable: string) => Promise<string | undefined>,
): Promise<Json> {
  const code = textField(content, "code");
  const detailed = content.detail_level === 1;
  const word = magicWordAt(code, cursorField(content, code));
  const magic = word && MAGICS.get(word.text.replace(/^%+/, ""));
  if (magic !== undefined)
    return { status: "ok", found: true, data: { "text/plain": helpOf(magic) }, metadata: {} };
  const known = await compiler.call("inspect", code, cursorField(content, code), detailed);
  if (known === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
  const info = { ...known, now: known.variable && (await now(known.variable)) };
  return {
    status: "ok",
    found: true,
    data: { "text/plain": plainTextOf(info), "text/markdown": markdownOf(info) },
    metadata: {},
  };
}

/**
 * Answers a cell that asks about a name.
 *
 * @returns the payload that has a front end show the help in its pager, or nothing for an unknown name
 */
export async function helpPage(
  compiler: CompilerClient,
  { name, detail }: HelpQuestion,
  now: (variable: string) => Promise<string | undefined>,
): Promise<Json | undefined> {
  // As a value first, then as a type: without a context TypeScript looks for values only.
  for (const code of [name, `type Asked = ${name}`]) {
    const { found, data } = await inspectReply(compiler, { code, detail_level: detail }, now);
    if (found === true) return { source: "page", data, start: 0 };
  }
  return undefined;
}

/** Answers `is_complete_request`. */
export async function isCompleteReply(compiler: CompilerClient, content: Json): Promise<Json> {
  try {
    const code = textField(content, "code");
    if (isForKernel(code)) return { status: "complete" };
    // A console goes on with the lines that a magic takes until one is empty, as in IPython.
    if (takesLines(code))
      return code.endsWith("\n") ? { status: "complete" } : { status: "incomplete", indent: "" };
    const { status, indent } = await compiler.call("isComplete", code);
    return status === "incomplete" ? { status, indent } : { status };
  } catch (failure) {
    // The one reply of the protocol that has no error. TypeScript gives up on code that is nested too deeply, for example.
    log("Cannot tell whether code is complete", failure);
    return { status: "unknown" };
  }
}
