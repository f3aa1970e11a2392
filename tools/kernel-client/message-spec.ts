/**
 * The Jupyter messaging protocol 5.4 as a table of checks, written from its documentation
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html). Every message that the test client receives goes
 * through {@link violations}.
 */
import type { Channel, Dictionary, Message } from "./wire.js";

/** Says what is wrong with a value, or nothing. */
type FieldCheck = (value: unknown) => string | undefined;
type Fields = Record<string, FieldCheck>;

const is =
  (name: string, test: (value: unknown) => boolean): FieldCheck =>
  (value) =>
    test(value) ? undefined : `must be ${name}, got ${JSON.stringify(value)?.slice(0, 200)}`;

const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const string = is("a string", (value) => typeof value === "string");
const text = is("a non-empty string", (value) => typeof value === "string" && value !== "");
const boolean = is("a boolean", (value) => typeof value === "boolean");
const dictionary = is("an object", isDictionary);
const count = is("an integer of at least 0", (value) => Number.isInteger(value) && (value as number) >= 0);
const list = is("a list", Array.isArray);
const oneOf = (...values: string[]): FieldCheck =>
  is(`one of ${values.join(", ")}`, (value) => values.includes(value as string));
const isoDate = is(
  "an ISO 8601 date with a time zone",
  (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(value),
);

const optional =
  (check: FieldCheck): FieldCheck =>
  (value) =>
    value === undefined ? undefined : check(value);

const every =
  (check: FieldCheck): FieldCheck =>
  (value) => {
    if (!Array.isArray(value)) return list(value);
    return value.map(check).find((problem) => problem !== undefined);
  };

const either =
  (...checks: FieldCheck[]): FieldCheck =>
  (value) => {
    const problems = checks.map((check) => check(value));
    return problems.includes(undefined) ? undefined : problems.join(" or ");
  };

const object =
  (fields: Fields): FieldCheck =>
  (value) => {
    if (!isDictionary(value)) return dictionary(value);
    for (const [name, check] of Object.entries(fields)) {
      const problem = check(value[name]);
      if (problem !== undefined) return `.${name}${/^[.[]/.test(problem) ? "" : " "}${problem}`;
    }
    return undefined;
  };

const valuesOf =
  (check: FieldCheck): FieldCheck =>
  (value) => {
    if (!isDictionary(value)) return dictionary(value);
    for (const [name, entry] of Object.entries(value)) {
      const problem = check(entry);
      if (problem !== undefined) return `[${JSON.stringify(name)}] ${problem}`;
    }
    return undefined;
  };

/** Keys are MIME types; all values but those of JSON types are strings (text, or base64 for binary types). */
const mimeBundle: FieldCheck = (value) => {
  if (!isDictionary(value)) return dictionary(value);
  for (const [type, data] of Object.entries(value)) {
    if (!/^[\w.+-]+\/[\w.+-]+(;.*)?$/.test(type)) return `has ${JSON.stringify(type)}, which is no MIME type`;
    if (!/[/+]json($|;)/.test(type) && typeof data !== "string") return `["${type}"] ${string(data)}`;
  }
  return undefined;
};

/** What old front ends are asked to do after an answer; a page is shown in the pager. */
const payload: FieldCheck = every(
  either(
    object({ source: oneOf("page"), data: mimeBundle, start: count }),
    object({ source: oneOf("set_next_input"), text: string, replace: optional(boolean) }),
    object({ source: oneOf("edit_magic"), filename: string, line_number: count }),
    object({ source: oneOf("ask_exit"), keepkernel: boolean }),
  ),
);

/** JupyterLab's and VS Code's extension of complete_reply. */
const completionTypes = object({
  _jupyter_types_experimental: optional(
    every(object({ text: string, type: text, signature: optional(string), start: count, end: count })),
  ),
});

const failure: Fields = { ename: text, evalue: string, traceback: every(string) };
const display: Fields = { data: mimeBundle, metadata: dictionary };
const shown = object({ status: oneOf("ok"), ...display });

const languageInfo: Fields = {
  name: text,
  version: text,
  mimetype: is("a MIME type", (value) => typeof value === "string" && /^[\w.-]+\/[\w.+-]+$/.test(value)),
  file_extension: is(
    "an extension with its dot",
    (value) => typeof value === "string" && /^\.\w+$/.test(value),
  ),
  pygments_lexer: optional(string),
  codemirror_mode: optional(either(string, dictionary)),
  nbconvert_exporter: optional(string),
};

/** Fields of the content of what a kernel publishes or asks. */
const published: Record<string, Fields> = {
  status: { execution_state: oneOf("busy", "idle", "starting") },
  execute_input: { code: string, execution_count: count },
  execute_result: { execution_count: count, ...display, transient: optional(dictionary) },
  display_data: { ...display, transient: optional(object({ display_id: optional(string) })) },
  update_display_data: { ...display, transient: object({ display_id: text }) },
  stream: { name: oneOf("stdout", "stderr"), text },
  error: failure,
  clear_output: { wait: boolean },
  comm_open: { comm_id: text, target_name: text, target_module: optional(string), data: dictionary },
  comm_msg: { comm_id: text, data: dictionary },
  comm_close: { comm_id: text, data: optional(dictionary) },
  iopub_welcome: { subscription: string },
  debug_event: { seq: count, type: oneOf("event"), event: text, body: dictionary },
  input_request: { prompt: string, password: boolean },
};

/** Fields of the content of a reply whose status is "ok". */
const replies: Record<string, Fields> = {
  kernel_info_reply: {
    protocol_version: is(
      "a version",
      (value) => typeof value === "string" && /^\d+\.\d+(\.\d+)?$/.test(value),
    ),
    implementation: text,
    implementation_version: text,
    language_info: object(languageInfo),
    banner: string,
    debugger: optional(boolean),
    supported_features: optional(every(text)),
    help_links: optional(every(object({ text, url: text }))),
  },
  execute_reply: {
    execution_count: count,
    payload: optional(payload),
    user_expressions: valuesOf(either(shown, object({ status: oneOf("error"), ...failure }))),
  },
  inspect_reply: { found: boolean, ...display },
  complete_reply: {
    matches: every(string),
    cursor_start: count,
    cursor_end: count,
    metadata: completionTypes,
  },
  history_reply: {
    history: every(
      is("[session, line, input or [input, output]]", (value) => {
        if (!Array.isArray(value) || value.length !== 3) return false;
        const [session, line, entry] = value;
        return Number.isInteger(session) && Number.isInteger(line) && isHistoryEntry(entry);
      }),
    ),
  },
  comm_info_reply: { comms: valuesOf(object({ target_name: text })) },
  connect_reply: { shell_port: count, iopub_port: count, stdin_port: count, hb_port: count },
  shutdown_reply: { restart: boolean },
  interrupt_reply: {},
};

/** A response of the Debug Adapter Protocol, which has no status. */
const debugResponse: Fields = {
  seq: count,
  type: oneOf("response"),
  request_seq: count,
  success: boolean,
  command: text,
  message: optional(text),
  body: dictionary,
};

/** The messages that may carry binary buffers. */
const mayCarryBuffers = ["comm_open", "comm_msg", "comm_close"];

const channelsOf: Record<string, readonly Channel[]> = {
  input_request: ["stdin"],
  shutdown_reply: ["shell", "control", "iopub"],
};

/** Everything that is wrong with a message by the protocol; empty if nothing is. */
export function violations(message: Message): string[] {
  const { header, content } = message;
  const type = String(header.msg_type);
  const problems = [
    ...failed("header", header, {
      msg_id: text,
      msg_type: text,
      session: text,
      username: string,
      date: isoDate,
      version: is("5.x", (value) => typeof value === "string" && /^5\.\d+(\.\d+)?$/.test(value)),
    }),
    ...(message.authentic ? [] : ["its signature is wrong"]),
    ...failed("message", { metadata: message.metadata }, { metadata: dictionary }),
    ...checkParent(message),
    ...checkChannel(type, message.channel),
    ...checkFrames(message),
    ...checkContent(type, content),
  ];
  return problems.map((problem) => `${type} on ${message.channel}: ${problem}`);
}

function isHistoryEntry(entry: unknown): boolean {
  if (typeof entry === "string") return true;
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string";
}

/** What is wrong with a content whose fields are all known. */
function failedContent(content: Dictionary, fields: Fields): string[] {
  const unknown = Object.keys(content).filter((name) => !Object.hasOwn(fields, name));
  return [
    ...failed("content", content, fields),
    ...unknown.map((name) => `content.${name} is no field of it`),
  ];
}

function failed(where: string, value: Dictionary, fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, check]) => {
    const problem = check(value[name]);
    if (problem === undefined) return [];
    const inside = /^[.[]/.test(problem); // the problem begins with the way to a value further in
    return [`${where}.${name}${inside ? "" : " "}${problem}`];
  });
}

function checkParent(message: Message): string[] {
  const { header, parent } = message;
  if (!isDictionary(parent)) return [`parent_header ${dictionary(parent)}`];
  const type = String(header.msg_type);
  if (Object.keys(parent).length === 0) {
    const mayBeAlone = type === "iopub_welcome" || message.content.execution_state === "starting";
    return mayBeAlone ? [] : ["parent_header is empty"];
  }
  const problems = failed("parent_header", parent, { msg_id: text, msg_type: text, session: text });
  if (type.endsWith("_reply") && parent.msg_type !== type.replace(/_reply$/, "_request")) {
    problems.push(`its parent is a ${parent.msg_type}`);
  }
  return problems;
}

function checkChannel(type: string, channel: Channel): string[] {
  const usual: readonly Channel[] = type.endsWith("_reply") ? ["shell", "control"] : ["iopub"];
  const allowed = channelsOf[type] ?? usual;
  return allowed.includes(channel) ? [] : [`belongs on ${allowed.join(" or ")}`];
}

/** iopub messages have a topic before the delimiter, the others nothing; bytes after it are rare. */
function checkFrames({ header, channel, topic, buffers }: Message): string[] {
  const problems: string[] = [];
  const topics = channel === "iopub" ? 1 : 0;
  if (topic.length !== topics)
    problems.push(`has ${topic.length} frames before the delimiter, not ${topics}`);
  if (buffers.length > 0 && !mayCarryBuffers.includes(header.msg_type)) problems.push("has buffers");
  return problems;
}

function checkContent(type: string, content: unknown): string[] {
  if (!isDictionary(content)) return [`content ${dictionary(content)}`];
  if (type === "debug_reply") return failedContent(content, debugResponse);
  if (type === "is_complete_reply") {
    return failedContent(content, {
      status: oneOf("complete", "incomplete", "invalid", "unknown"),
      ...(content.status === "incomplete" ? { indent: string } : {}),
    });
  }
  const fields = published[type];
  if (fields !== undefined) return failedContent(content, fields);
  const reply = replies[type];
  if (reply === undefined)
    return ["is no message of the protocol; the fields of a new one belong in message-spec.ts"];
  const status = oneOf("ok", "error", "aborted");
  const problem = status(content.status);
  if (problem !== undefined) return [`content.status ${problem}`];
  const counted: Fields = type === "execute_reply" ? { execution_count: count } : {};
  if (content.status === "aborted") return failedContent(content, { status, ...counted });
  if (content.status === "ok")
    return [...failedContent(content, { status, ...reply }), ...checkSense(content)];
  const alsoOnError: Fields =
    type === "execute_reply" ? { user_expressions: optional(dictionary), payload: optional(payload) } : {};
  return failedContent(content, { status, ...failure, ...counted, ...alsoOnError });
}

/** What the fields of a good reply must say together. */
function checkSense({ found, data, cursor_start: start, cursor_end: end }: Dictionary): string[] {
  if (found === false && Object.keys(data as Dictionary).length > 0) return ["content.data of nothing found"];
  return Number(start) > Number(end) ? ["content.cursor_start is behind content.cursor_end"] : [];
}
