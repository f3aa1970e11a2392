import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Every text of a message: no front end can save one that has half a character. */
function illFormed({ header, parent, metadata, content }: Message): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === "string") return [value];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) => [key, ...texts(each)]);
  };
  return texts([header, parent, metadata, content]).filter((text) => text !== Buffer.from(text).toString());
}

function assertWellFormed(): void {
  assert.deepEqual(kernel().received.flatMap(illFormed), []);
}

const PRELUDE = `
const half = "\\ud83d";
const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));`;

const outputs: Record<string, [code: string, shown: string]> = {
  "a printed line": ["console.log(half);", "\ufffd"],
  "a printed second half": ['console.log("\\ude00");', "\ufffd"],
  "an error line": ["console.error(half);", "\ufffd"],
  "text written to a descriptor": ['require("fs").writeSync(1, half + "!");', "\ufffd!"],
  "a display": ['host.publish({ data: { "text/plain": half + "!" } });', "\ufffd!"],
  "a key of a display": ['host.publish({ data: { "application/json": { [half]: 1 } } });', '{"\ufffd":1}'],
  "metadata of a display": [
    'host.publish({ data: { "text/plain": "" }, metadata: { text: [half] } });',
    '["\ufffd"]',
  ],
  "a result": [
    '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": half }) })',
    '"text/html":"\ufffd"',
  ],
  "an error": ["throw new Error(half);", "Error: \ufffd"],
  "an error's name": ['throw Object.assign(new Error("!"), { name: half });', "\ufffd: !"],
  "a thrown text": ["throw half;", "Thrown"],
  "a type error": ['const n: number = "\\ud83d";', "TS2322"],
  "a whole character beside a half one": ['console.log("😀" + half + "😀");', "😀\ufffd😀"],
  "text that looks like an escape": [
    'console.log("\\\\ud83d\\\\\\\\ud83d" + half);',
    "\\\\ud83d\\\\\\\\ud83d\ufffd",
  ],
};

for (const [what, [code, shown]] of Object.entries(outputs)) {
  test(`half a character is replaced in ${what}`, async () => {
    const cell = await kernel().execute(`${PRELUDE}\n${code}`);
    assertWellFormed();
    const contents = JSON.stringify(cell.messages.slice(2).map(({ content }) => content));
    assert.ok(contents.includes(shown), contents);
  });
}

test("half a character is replaced in a user expression and its error", async () => {
  const user_expressions = { value: '"\\ud83d"', thrown: '(() => { throw new Error("\\ud83d"); })()' };
  await kernel().execute("1", { user_expressions });
  assertWellFormed();
});

test("half a character is replaced in the messages of comms", async () => {
  const cell = await kernel().execute(
    'const host = Reflect.get(globalThis, Symbol.for("rnnlab.commHost"));\nhost.open("\\ud83d", { "\\ud83d": "\\ud83d" }, { metadata: { a: "\\ud83d" } }); undefined',
  );
  assert.deepEqual(cell.contents("comm_open")[0]?.data, { "\ufffd": "\ufffd" });
  assertWellFormed();
});

test("half a character is replaced in a prompt", async () => {
  const id = await kernel().submit('await input("\\ud83d?")', { allow_stdin: true });
  const asked = await kernel().waitFor(({ header }) => header.msg_type === "input_request", "input_request");
  assert.equal(asked.content.prompt, "\ufffd?");
  await kernel().send("stdin", "input_reply", { value: "\ud83d" }, { parent: asked.header });
  assert.equal((await kernel().finish(id)).status, "ok");
  assertWellFormed();
});

test("half a character is replaced in completion, inspection and history", async () => {
  const code = '/** half \ud83d */\nconst halved = { "\ud83d": 1 };';
  await kernel().execute(code);
  await kernel().request("shell", "complete_request", { code: "halved.", cursor_pos: 7 });
  await kernel().request("shell", "inspect_request", { code: "halved", cursor_pos: 3, detail_level: 1 });
  const tail = { hist_access_type: "tail", n: 3, raw: true, output: true };
  await kernel().request("shell", "history_request", tail);
  assertWellFormed();
});

const halves: Record<string, string> = {
  "two writes": 'process.stdout.write("a\\ud83d"); process.stdout.write("\\ude00b");',
  "two writes with time between them":
    'process.stdout.write("a\\ud83d"); await new Promise((end) => setTimeout(end, 60)); process.stdout.write("\\ude00b");',
  "two writes with a line on the other stream between them":
    'process.stdout.write("a\\ud83d"); console.error("-"); process.stdout.write("\\ude00b");',
  "two writes to a descriptor":
    'import { writeSync } from "node:fs";\nwriteSync(1, "a\\ud83d"); writeSync(1, "\\ude00b");',
  "three writes, one of them empty":
    'for (const part of ["a\\ud83d", "", "\\ude00b"]) process.stdout.write(part);',
  "a line of more than a message's length": 'process.stdout.write("a" + "😀".repeat(2 ** 20) + "b");',
};

for (const [what, code] of Object.entries(halves)) {
  test(`a character in two halves is whole: ${what}`, async () => {
    const cell = await kernel().execute(`${code}\nundefined`);
    assert.match(cell.stdout, /^a(?:😀)+b$/u);
  });
}

test("a half without its other half is shown in its own cell", async () => {
  const first = await kernel().execute('process.stdout.write("a\\ud83d"); undefined');
  const second = await kernel().execute('process.stdout.write("\\ude00b"); undefined');
  assert.deepEqual([first.stdout, second.stdout], ["a\ufffd", "\ufffdb"]);
});
