import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { messageOf } from "../../src/platform/message-of.js";
import { UsageError } from "../../src/platform/usage-error.js";

/** A value that a parameter may be given, with the expression for it. */
export interface Candidate {
  readonly value: unknown;
  readonly expression: string;
}

/** What is given for a parameter: which of its readings is meant, only the declared type says. */
export interface GivenValue {
  /** As it was given. */
  readonly shown: string;
  /** From the one that is tried first. */
  readonly candidates: readonly Candidate[];
  /** Why it is no JSON, if it looks like an array or an object. */
  readonly notJson: string | undefined;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^-?\d+n?$/;
const WORDS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * The readings of a text from the command line: a number, true, false, null, a text in quotes or JSON first; then the
 * text itself.
 *
 * @param text - what follows the name and the equals sign
 */
export function valueOfText(text: string): GivenValue {
  const trimmed = text.trim();
  const candidates: Candidate[] = [];
  const add = (value: unknown): void => void candidates.push({ value, expression: expressionOf(value) });
  let notJson: string | undefined;
  if (WORDS.has(trimmed)) add(WORDS.get(trimmed));
  else if (NUMBER.test(trimmed)) add(Number(trimmed));
  else if (/^[[{]/.test(trimmed)) {
    try {
      add(JSON.parse(trimmed));
    } catch (error) {
      notJson = messageOf(error);
    }
  } else if (/^".*"$/s.test(trimmed)) {
    try {
      add(JSON.parse(trimmed));
    } catch {
      // It is a text with quotes about it, and a candidate as such.
    }
  }
  add(text);
  if (INTEGER.test(trimmed)) addInteger(candidates, trimmed);
  return { shown: text, candidates, notJson };
}

/**
 * Reads a file of parameters.
 *
 * @param path - of YAML or JSON
 * @returns the values by their names
 * @throws {UsageError} when it cannot be read, or holds no object
 */
export function readParametersFile(path: string): Map<string, GivenValue> {
  const refuse = (why: string): UsageError => new UsageError(`Cannot read ${path}: ${why}`);
  let content: unknown;
  try {
    const text = readFileSync(path, "utf8");
    const document = parseDocument(text, { prettyErrors: true });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    // Aliases may not grow without bound.
    content = /\.json$/i.test(path) ? JSON.parse(text) : document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw refuse(messageOf(error));
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw refuse(`it must hold an object from names to values, got ${JSON.stringify(content)}`);
  return new Map(
    Object.entries(content).map(([name, value]) => {
      const expression = expressionOf(value);
      const candidates: Candidate[] = [{ value, expression }];
      if (typeof value === "number" && INTEGER.test(expression)) addInteger(candidates, expression);
      return [name, { shown: expression, candidates, notJson: undefined }];
    }),
  );
}

function addInteger(candidates: Candidate[], text: string): void {
  const digits = text.replace(/n$/, "");
  candidates.push({ value: `${digits}n`, expression: `${digits}n` });
}

/** A value as an expression of TypeScript and of JavaScript. */
function expressionOf(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(", ")}]`;
  const entries = Object.entries(value).map(([name, each]) => `${keyOf(name)}: ${expressionOf(each)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** In an object literal `__proto__` would be no name of its own, unless it is computed. */
function keyOf(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name);
}
