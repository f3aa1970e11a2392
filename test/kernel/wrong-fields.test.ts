import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** An object that nests as deep as a message may. */
function nested(levels: number): unknown {
  let value: unknown = "end";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  "",
  "text",
  "\ud83d",
  "x".repeat(100_000),
  [],
  [null, 1],
  {},
  { constructor: 1, toString: null },
  JSON.parse('{ "__proto__": { "polluted": true } }'),
  nested(400),
];

const requests: Record<string, Dictionary> = {
  execute_request: {
    code: "1",
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: false,
  },
  complete_request: { code: "cons", cursor_pos: 4 },
  inspect_request: { code: "console", cursor_pos: 4, detail_level: 0 },
  is_complete_request: { code: "1 +" },
  history_request: {
    hist_access_type: "search",
    output: true,
    raw: true,
    session: 0,
    start: 0,
    stop: 2,
    n: 3,
    pattern: "*",
    unique: true,
  },
  comm_info_request: { target_name: "target" },
  kernel_info_request: {},
  interrupt_request: {},
};

/** Sends a request and waits for its reply and its idle. */
async function ask(type: string, content: Dictionary, metadata: Dictionary = {}): Promise<string> {
  const id = await kernel().send("shell", type, content, { metadata });
  const reply = await kernel().replyTo(id);
  await kernel().idleOf(id);
  return String(reply.content.status);
}

async function assertWorks(): Promise<void> {
  assert.equal((await kernel().execute("20 + 22")).result, "42");
  assert.equal((await kernel().execute('Reflect.get({}, "polluted")')).result, undefined);
}

for (const [type, content] of Object.entries(requests)) {
  test(`a ${type} with wrong values in any field is answered, and later cells run`, async () => {
    for (const field of [...Object.keys(content), "unknown"]) {
      for (const value of [...WRONG, undefined]) {
        const status = await ask(type, { ...content, [field]: value });
        assert.match(
          status,
          /^(?:ok|error|complete|incomplete|invalid|unknown)$/,
          `${field}: ${JSON.stringify(value)}`,
        );
      }
    }
    await assertWorks();
  });

  test(`a ${type} with wrong metadata is answered`, async () => {
    for (const value of WRONG)
      await ask(type, content, { cellId: value, deletedCells: value, recordTiming: value });
    await assertWorks();
  });
}

for (const type of ["comm_open", "comm_msg", "comm_close"]) {
  test(`a ${type} with wrong values in any field harms nothing`, async () => {
    const content = { comm_id: "id", target_name: "target", data: {} };
    for (const field of Object.keys(content)) {
      for (const value of WRONG) {
        await kernel().idleOf(await kernel().send("shell", type, { ...content, [field]: value }));
      }
    }
    await assertWorks();
  });
}

test("an input_reply with wrong values harms nothing", async () => {
  for (const value of WRONG) {
    await kernel().send("stdin", "input_reply", { value });
    const id = await kernel().submit('await input("?")', { allow_stdin: true });
    const asked = await kernel().waitFor(
      ({ header, parent }) => header.msg_type === "input_request" && parent.msg_id === id,
      "input_request",
    );
    await kernel().send("stdin", "input_reply", { value }, { parent: asked.header });
    const cell = await kernel().finish(id);
    assert.equal(cell.status, typeof value === "string" ? "ok" : "error");
  }
});

test("user expressions that are no object, and code that is no text, are refused by name", async () => {
  const expressions: unknown = ["1 + 1"];
  const refused = await kernel().send("shell", "execute_request", {
    code: "1",
    user_expressions: expressions,
  });
  assert.match(
    String((await kernel().replyTo(refused)).content.evalue),
    /user_expressions must be an object, got/,
  );
  const code = await kernel().send("shell", "execute_request", { code: 7 });
  assert.match(String((await kernel().replyTo(code)).content.evalue), /code must be a string, got number/);
  await kernel().idleOf(code);
});
