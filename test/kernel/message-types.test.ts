/** Every message of every type that the kernel sends, provoked on a live kernel and held against the protocol. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Subscriber } from "zeromq";
import {
  type Dictionary,
  decode,
  KernelClient,
  type Message,
  useKernel,
  violations,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const HOST = `const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));\n`;
const TARGET = `import { registerCommTarget } from "rnnlab/comm";
registerCommTarget("types", (comm, { buffers }) => {
  comm.send({ opened: true }, { buffers });
  comm.onMessage(() => comm.close());
});`;

/** Runs a cell and gives its messages of a type. */
async function published(type: string, code: string, options = {}): Promise<Message[]> {
  const { messages } = await kernel().execute(code, options);
  return messages.filter((message) => message.header.msg_type === type);
}

/** Sends a comm message, which is answered on iopub only; gives what was published for it. */
async function comm(type: string, content: Dictionary, buffers: Buffer[] = []): Promise<Message[]> {
  const id = await kernel().send("shell", type, { data: {}, ...content }, { buffers });
  await kernel().idleOf(id);
  return kernel()
    .outputsOf(id)
    .filter((message) => message.header.msg_type !== "status");
}

function only(messages: readonly Message[]): Message {
  assert.equal(messages.length, 1, `${messages.length} messages`);
  return messages[0]!;
}

/** Follows the protocol, and is the one that was provoked. */
function conforms(message: Message, type: string, content: Dictionary = {}): void {
  assert.deepEqual(violations(message), []);
  assert.equal(message.header.msg_type, type);
  assert.deepEqual({ ...message.content, ...content }, message.content);
}

test("status", async () => {
  const states = (await published("status", "1")).map((message) => message.content);
  assert.deepEqual(states, [{ execution_state: "busy" }, { execution_state: "idle" }]);
});

const cells: [string, string, Dictionary][] = [
  ["execute_input", "const typed = 1;", { code: "const typed = 1;" }],
  ["execute_result", "40 + 2", { metadata: {} }],
  ["stream", 'console.log("printed")', { name: "stdout", text: "printed\n" }],
  ["stream", 'console.error("printed")', { name: "stderr", text: "printed\n" }],
  ["error", 'throw new RangeError("as expected")', { ename: "RangeError", evalue: "as expected" }],
  ["error", "const wrong: number = '1';", { ename: "TypeScriptError" }],
  ["display_data", `${HOST}host.publish({ data: { "text/html": "<b>1</b>" } })`, { transient: {} }],
  [
    "display_data",
    `${HOST}host.publish({ data: { "text/plain": "1" }, displayId: "one" })`,
    { transient: { display_id: "one" } },
  ],
  [
    "update_display_data",
    `${HOST}host.publish({ data: { "text/plain": "2" }, displayId: "one", update: true })`,
    { transient: { display_id: "one" }, data: { "text/plain": "2" } },
  ],
  ["clear_output", `${HOST}host.clear(true)`, { wait: true }],
  [
    "comm_open",
    'import { openComm } from "rnnlab/comm";\nconst opened = openComm("nobody", { a: 1 });',
    { target_name: "nobody", data: { a: 1 } },
  ],
  ["comm_msg", "opened.send({ b: [2] });", { data: { b: [2] } }],
  ["comm_close", "opened.close();", {}],
];

for (const [type, code, content] of cells) {
  test(`${type} of ${JSON.stringify(code.replace(HOST, ""))}`, async () => {
    conforms(only(await published(type, code)), type, content);
  });
}

test("comm_msg with buffers, comm_close of the kernel's side and of an unknown target", async () => {
  assert.equal((await kernel().execute(TARGET)).status, "ok");
  const bytes = Buffer.from([0, 255, 1]);
  const greeting = only(await comm("comm_open", { comm_id: "c1", target_name: "types" }, [bytes]));
  conforms(greeting, "comm_msg", { comm_id: "c1", data: { opened: true } });
  assert.deepEqual(greeting.buffers, [bytes]);
  conforms(only(await comm("comm_msg", { comm_id: "c1" })), "comm_close", { comm_id: "c1" });
  conforms(only(await comm("comm_open", { comm_id: "c2", target_name: "none" })), "comm_close");
});

test("iopub_welcome to each new subscriber", async () => {
  const { connection } = kernel();
  const subscriber = new Subscriber({ linger: 0, receiveTimeout: 20_000 });
  try {
    subscriber.connect(`${connection.transport}://${connection.ip}:${connection.iopub_port}`);
    subscriber.subscribe("status");
    const welcome = decode(connection.key, "iopub", await subscriber.receive());
    conforms(welcome, "iopub_welcome", { subscription: "status" });
    assert.deepEqual(welcome.topic, ["status"]);
  } finally {
    subscriber.close();
  }
});

test("no iopub_welcome in Kernel Gateway, which fails at messages without a parent", async () => {
  const client = await KernelClient.start({ env: { KERNEL_GATEWAY: "1" } });
  // However long it takes to be heard on a busy machine: with a limit, the loop below would go on without it.
  const subscriber = new Subscriber({ linger: 0 });
  try {
    subscriber.connect(
      `${client.connection.transport}://${client.connection.ip}:${client.connection.iopub_port}`,
    );
    subscriber.subscribe();
    // Until it has heard of something: no welcome tells when a subscription counts.
    const received = subscriber.receive();
    let first: Message | undefined;
    void received.then((frames) => {
      first = decode(client.connection.key, "iopub", frames);
    });
    while (first === undefined) await client.execute("1");
    assert.notEqual(first.header.msg_type, "iopub_welcome");
    assert.equal(typeof first.parent.msg_id, "string");
  } finally {
    subscriber.close();
    await client.dispose();
  }
});

const executions: [string, string, Dictionary, Dictionary][] = [
  ["ok", "1 + 1", {}, { user_expressions: {}, payload: [] }],
  ["ok with a pager's page", "parseInt?", {}, { status: "ok" }],
  ["ok with expressions", "", { user_expressions: { good: "1", bad: "nowhere" } }, { status: "ok" }],
  ["ok of a silent cell", "2", { silent: true }, { status: "ok", payload: [] }],
  ["error", "throw 1", {}, { status: "error", evalue: "1" }],
  ["error of a cell that does not compile", "const = 1", {}, { status: "error", ename: "SyntaxError" }],
  ["error of a cell that ends its session", "process.exit(3)", {}, { status: "error" }],
];

for (const [name, code, options, content] of executions) {
  test(`execute_reply: ${name}`, async () => {
    const { reply, messages } = await kernel().execute(code, options);
    conforms(reply, "execute_reply", content);
    const errors = messages.filter((message) => message.header.msg_type === "error");
    assert.equal(errors.length, reply.content.status === "error" ? 1 : 0);
  });
}

test("execute_reply: aborted", async () => {
  const ids = [await kernel().submit("throw new Error('first')"), await kernel().submit("1")];
  const [, aborted] = await Promise.all(ids.map((id) => kernel().finish(id)));
  conforms(aborted!.reply, "execute_reply", { status: "aborted" });
  assert.deepEqual(aborted!.outputs, []);
});

const requests: [string, Dictionary, Dictionary][] = [
  ["kernel_info", {}, { status: "ok", implementation: "rnnlab" }],
  ["complete", { code: "Math.flo", cursor_pos: 8 }, { matches: ["floor"], cursor_start: 5, cursor_end: 8 }],
  ["complete", { code: "zzzNothing", cursor_pos: 10 }, { matches: [] }],
  ["complete", { code: 7 }, { status: "error", ename: "TypeError" }],
  ["inspect", { code: "parseInt", cursor_pos: 3, detail_level: 0 }, { found: true }],
  ["inspect", { code: "parseInt", cursor_pos: 3, detail_level: 1 }, { found: true }],
  ["inspect", { code: "zzzNothing", cursor_pos: 3, detail_level: 0 }, { found: false, data: {} }],
  ["inspect", { code: "a", cursor_pos: -1, detail_level: 0 }, { status: "error", ename: "RangeError" }],
  ["is_complete", { code: "1 + 1" }, { status: "complete" }],
  ["is_complete", { code: "if (true) {" }, { status: "incomplete", indent: "  " }],
  ["is_complete", { code: ")" }, { status: "invalid" }],
  ["history", { hist_access_type: "tail", n: 2, output: true, raw: true }, { status: "ok" }],
  [
    "history",
    { hist_access_type: "range", session: 0, start: 1, stop: 3, output: false, raw: true },
    { status: "ok" },
  ],
  [
    "history",
    { hist_access_type: "search", pattern: "*", unique: true, n: 3, output: false, raw: true },
    { status: "ok" },
  ],
  ["history", { hist_access_type: "gossip" }, { status: "error" }],
  ["comm_info", {}, { status: "ok" }],
  ["comm_info", { target_name: "none" }, { comms: {} }],
  ["interrupt", {}, { status: "ok" }],
];

for (const channel of ["shell", "control"] as const) {
  for (const [name, request, content] of requests) {
    test(`${name}_reply on ${channel} to ${JSON.stringify(request)}`, async () => {
      conforms(await kernel().request(channel, `${name}_request`, request), `${name}_reply`, content);
    });
  }
}

for (const [code, content] of [
  ['prompt("Name?")', { prompt: "Name?", password: false }],
  ['await input("Key", { password: true })', { password: true }],
] as const) {
  test(`input_request of ${code}`, async () => {
    const id = await kernel().submit(code, { allow_stdin: true });
    const question = await kernel().waitFor(
      (message) => message.header.msg_type === "input_request" && message.parent.msg_id === id,
      "input_request",
    );
    conforms(question, "input_request", content);
    await kernel().send("stdin", "input_reply", { value: "Ada" }, { parent: question.header });
    assert.equal((await kernel().finish(id)).result, "'Ada'");
  });
}

for (const channel of ["shell", "control"] as const) {
  for (const restart of [true, false]) {
    test(`shutdown_reply on ${channel} and to every front end on iopub, restart ${restart}`, async () => {
      const client = await KernelClient.start();
      try {
        const id = await client.send(channel, "shutdown_request", { restart });
        const everywhere = client.waitFor(
          ({ channel: on, header }) => on === "iopub" && header.msg_type === "shutdown_reply",
          "shutdown_reply on iopub",
        );
        conforms(await client.replyTo(id, channel), "shutdown_reply", { status: "ok", restart });
        conforms(await everywhere, "shutdown_reply", { status: "ok", restart });
        await client.process.waitUntilGone();
        assert.deepEqual(client.violations, []);
      } finally {
        await client.dispose();
      }
    });
  }
}
