import { LONGEST_TEXT } from "../../shared/bounds.js";
import type { FromInspector, FromSession, SessionFrame } from "../../shared/session-messages.js";

/** What a field of a message must be. */
interface Rule {
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

type Fields<Message> = { readonly [Name in Exclude<keyof Message, "type">]-?: Rule };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): boolean => typeof value === "string";

const count: Rule = { words: "a count", accepts: isCount };
const text: Rule = { words: "a string", accepts: isText };
const piece: Rule = {
  words: `a string of at most ${LONGEST_TEXT} characters`,
  accepts: (value) => typeof value === "string" && value.length <= LONGEST_TEXT,
};
const flag: Rule = { words: "true or false", accepts: (value) => typeof value === "boolean" };
const moment: Rule = { words: "a moment in milliseconds", accepts: Number.isFinite };
const object: Rule = { words: "an object", accepts: isObject };
const buffers: Rule = {
  words: "a list of bytes",
  accepts: (value) => Array.isArray(value) && value.every((each) => each instanceof Uint8Array),
};

function oneOf(...values: readonly string[]): Rule {
  return {
    words: values.map((value) => `"${value}"`).join(" or "),
    accepts: (value) => values.includes(value as string),
  };
}

function optional({ words, accepts }: Rule): Rule {
  return { words: `${words} or undefined`, accepts: (value) => value === undefined || accepts(value) };
}

function isReport(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { ename, evalue, traceback } = value;
  return isText(ename) && isText(evalue) && Array.isArray(traceback) && traceback.every(isText);
}

const report: Rule = { words: "an error report", accepts: isReport };
const outcome: Rule = {
  words: "an expression's result",
  accepts: (value) =>
    isObject(value) &&
    (value.status === "ok"
      ? isObject(value.data) && isObject(value.metadata)
      : value.status === "error" && isReport(value)),
};

const bundle = { serial: count, data: object, metadata: object };

const FIELDS: {
  readonly [Type in FromSession["type"]]: Fields<Extract<FromSession, { readonly type: Type }>>;
} = {
  ready: {},
  childEnded: {},
  stream: { serial: count, name: oneOf("stdout", "stderr"), text: piece },
  display: { ...bundle, displayId: optional(text), update: flag },
  clear: { serial: count, wait: flag },
  replay: { serial: count, cell: optional(count), since: optional(moment) },
  result: bundle,
  input: { id: count, prompt: text, password: flag },
  module: { id: count, file: text },
  done: { serial: count, error: optional(report) },
  expression: { serial: count, result: outcome },
  comm: {
    kind: oneOf("open", "msg", "close"),
    serial: count,
    request: optional(object),
    commId: text,
    targetName: text,
    data: object,
    metadata: object,
    buffers,
  },
  commHandled: { id: count },
};

const RULES = new Map(Object.entries(FIELDS).map(([type, fields]) => [type, Object.entries<Rule>(fields)]));

function isMark(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value) || !isCount(value.number)) return false;
  return Array.isArray(value.descriptors) && value.descriptors.every((each) => each === 1 || each === 2);
}

/**
 * Reads what came from the session, whose memory the user's code shares: nothing is taken for granted.
 *
 * @throws {TypeError} when it is not one, with the message, the field and its rule
 */
export function readSessionFrame(value: unknown): SessionFrame {
  const message = isObject(value) && isMark(value.mark) ? value.message : undefined;
  const rules = isObject(message) ? RULES.get(message.type as string) : undefined;
  if (!isObject(message) || rules === undefined)
    throw new TypeError("Cannot read a message: it is of no known kind");
  for (const [name, { words, accepts }] of rules) {
    if (!accepts(message[name]))
      throw new TypeError(
        `Cannot read a message: ${name} of "${message.type}" must be ${words}, got ${typeof message[name]}`,
      );
  }
  return value as unknown as SessionFrame;
}

/**
 * Reads what came from the watchdog, on a descriptor that the user's code can write to, too.
 *
 * @throws {TypeError} when it is no such message
 */
export function readFromInspector(value: unknown): FromInspector {
  if (isObject(value)) {
    const { id, event, result, params, failure } = value;
    if (isCount(id) && (isObject(result) || isText(failure))) return value as unknown as FromInspector;
    if (isText(event) && isObject(params)) return value as unknown as FromInspector;
  }
  throw new TypeError("Cannot read a message of the inspector: it is of no known kind");
}
