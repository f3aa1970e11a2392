import { join } from "node:path";
import { frameMessage, type KernelClient, makeHeader, sign } from "../../kernel-client/index.js";
import type { Random } from "../../random.js";
import { expectOk, expectResult, HUNG } from "../kernel-slot.js";
import type { Part, Round } from "../round.js";
import { demand } from "../tally.js";

type Frames = (string | Buffer)[];
type Channel = "shell" | "control" | "stdin";

interface Damage {
  readonly name: string;
  readonly frames: (key: string, random: Random, forbidden: string) => Frames;
}

const TYPES = [
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "kernel_info_request",
  "input_reply",
  "debug_request",
  "interrupt_reply",
  "no_such_request",
  "__proto__",
  "",
] as const;

const FIELDS = [
  "code",
  "cursor_pos",
  "detail_level",
  "silent",
  "store_history",
  "user_expressions",
  "allow_stdin",
  "stop_on_error",
  "comm_id",
  "target_name",
  "data",
  "hist_access_type",
  "session",
  "start",
  "stop",
  "n",
  "pattern",
  "output",
  "raw",
  "value",
] as const;

const BIG = 2_000_000;
const DEEP = 20_000;

const values: readonly ((random: Random) => string)[] = [
  () => "null",
  () => "true",
  (random) => String(random.integer(2 ** 31) - 2 ** 30),
  () => "1e308",
  () => "-0.5",
  () => '""',
  (random) => JSON.stringify(random.word(8)),
  () => JSON.stringify("\ud800\u0000\u2028"),
  () => "[]",
  () => "{}",
  () => '{"__proto__": {"code": "1"}, "constructor": null}',
  () => '[["a", 1], null, {"b": []}]',
  () => `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`,
  () => JSON.stringify("x".repeat(BIG)),
];

/** Code that must never run: it shows in a variable of this name. */
const forbiddenCode = (name: string) => `${name} = 1`;

function execute(code: string): Frames {
  const content = JSON.stringify({ code, silent: false, store_history: false, user_expressions: {} });
  return [JSON.stringify(makeHeader("execute_request", "tester")), "{}", "{}", content];
}

/** Content whose fields have values of any type. */
function randomContent(random: Random): string {
  const fields = Array.from({ length: 1 + random.integer(5) }, () => {
    return `${JSON.stringify(random.pick(FIELDS))}: ${random.pick(values)(random)}`;
  });
  return `{${fields.join(", ")}}`;
}

const damages: readonly Damage[] = [
  {
    name: "a wrong signature",
    frames: (_, random, name) => [
      "<IDS|MSG>",
      random.bytes(32).toString("hex"),
      ...execute(forbiddenCode(name)),
    ],
  },
  {
    name: "no signature",
    frames: (_, __, name) => ["<IDS|MSG>", "", ...execute(forbiddenCode(name))],
  },
  {
    name: "another key's signature",
    frames: (key, _, name) => {
      const parts = execute(forbiddenCode(name));
      return ["<IDS|MSG>", sign(`${key}x`, parts), ...parts];
    },
  },
  {
    name: "a part changed after signing",
    frames: (key, _, name) => {
      const [delimiter, signature = "", ...parts] = frameMessage(key, execute("1")) as string[];
      return [
        delimiter ?? "",
        signature,
        ...parts.slice(0, 3),
        JSON.stringify({ code: forbiddenCode(name) }),
      ];
    },
  },
  {
    name: "parts missing",
    frames: (key, random) => frameMessage(key, execute("1").slice(0, random.integer(4))),
  },
  {
    name: "no delimiter",
    frames: (_, random) => Array.from({ length: random.integer(9) + 1 }, () => random.bytes(9)),
  },
  {
    name: "binary parts",
    frames: (key, random) =>
      frameMessage(
        key,
        Array.from({ length: 4 }, () => random.bytes(random.integer(200))),
      ),
  },
  {
    name: "broken JSON",
    frames: (key, random) => {
      const parts = execute("1").map(String);
      const at = random.integer(4);
      const part = parts[at] ?? "";
      parts[at] = part.slice(0, random.integer(part.length));
      return frameMessage(key, parts);
    },
  },
  {
    name: "a part of another type",
    frames: (key, random) => {
      const parts = execute("1").map(String);
      parts[random.integer(4)] = random.pick(values)(random);
      return frameMessage(key, parts);
    },
  },
  {
    name: "a header with fields of other types",
    frames: (key, random) => {
      const header = ["msg_id", "msg_type", "session", "username", "date", "version"]
        .filter(() => random.next() < 0.8)
        .map((name) => `"${name}": ${random.pick(values)(random)}`);
      return frameMessage(key, [`{${header.join(", ")}}`, "{}", "{}", "{}"]);
    },
  },
  {
    name: "content with fields of other types",
    frames: (key, random) => {
      const header = JSON.stringify(makeHeader(random.pick(TYPES), "tester"));
      return frameMessage(key, [header, "{}", "{}", randomContent(random)]);
    },
  },
  {
    name: "many frames and buffers",
    frames: (key, random) =>
      frameMessage(
        key,
        ["{}", "{}", "{}", "{}"],
        Array.from({ length: 1000 }, () => random.bytes(3)),
      ),
  },
];

/** What a cell may write on the descriptors that carry the session's own messages: bytes, as an expression. */
const garbage: Readonly<Record<string, string>> = {
  zeros: "Buffer.alloc(4)",
  ones: "Buffer.alloc(1000, 255)",
  "an empty frame": "Buffer.from([0, 0, 0, 0, 0])",
  "a frame of null": "framed(serialize(null))",
  "a frame of a number": "framed(serialize(5))",
  "a frame of a list": "framed(serialize([1, 2]))",
  "a frame of an unknown type": 'framed(serialize({ type: "no such type" }))',
  "a frame of random bytes": "framed(randomBytes(200))",
  "a frame that never ends": "Buffer.concat([Buffer.from([127, 255, 255, 255]), randomBytes(50)])",
  text: 'Buffer.from("some text\\n".repeat(50))',
};

const GARBAGE_PREAMBLE = `
import * as fs from "node:fs";
import { serialize } from "node:v8";
import { randomBytes } from "node:crypto";
const framed = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
undefined`;

const TIMES = 10;

/** Messages that are none, on every channel; and for our kernel, garbage from a cell on the session's descriptors. */
export const messages: Part = {
  weight: 2,
  run: async (round) => {
    const tries = damages.flatMap((damage) =>
      (["shell", "control", "stdin"] as const).flatMap((channel) =>
        Array.from({ length: TIMES }, (_, turn) => ({ damage, channel, turn })),
      ),
    );
    for (const { damage, channel, turn } of round.random("order").shuffled(tries)) {
      const label = `${damage.name}, ${channel}, ${turn}`;
      await round.attempt(damage.name, () => sendOnce(round, damage, channel, round.random(label)), label);
    }
    if (!round.kernel.own) return;
    for (const [what, bytes] of Object.entries(garbage)) {
      for (const descriptor of [3, 4]) {
        const kind = `garbage on descriptor ${descriptor}`;
        const label = `${what} on descriptor ${descriptor}`;
        await round.attempt(kind, () => writeGarbage(round, bytes, descriptor), label);
      }
    }
  },
};

async function sendOnce(round: Round, damage: Damage, channel: Channel, random: Random): Promise<void> {
  const client = await round.kernels.get(round.language.preamble(join(round.folder, "scratch"), ""));
  const name = `forbidden${random.word(6)}`;
  await client.sendRaw(channel, damage.frames(client.connection.key, random, name));
  // Whatever was sent is answered or dropped before this is.
  const info = await client.request(
    channel === "control" ? "control" : "shell",
    "kernel_info_request",
    {},
    HUNG,
  );
  demand(info.content.status === "ok", "lost", () => `kernel_info_reply: ${JSON.stringify(info.content)}`);
  await expectResult(client, round.language.sum([20, 22]), "42");
  const read = await client.execute(name, { timeout: HUNG });
  demand(read.status === "error", "lost", () => `the code of a message with ${damage.name} has run`);
  // A request whose header is nonsense is answered with that header: only what is ours counts.
  client.violations.length = 0;
  round.kernels.settle();
}

async function writeGarbage(round: Round, bytes: string, descriptor: number): Promise<void> {
  const client = await round.kernels.get();
  await expectOk(client, GARBAGE_PREAMBLE);
  // The session may end by it, and then says so; the kernel may not, and no cell may hang.
  await client.execute(`fs.writeSync(${descriptor}, ${bytes});\n1`, { timeout: HUNG });
  await usableAgain(client);
  client.violations.length = 0;
  round.kernels.settle();
  await round.kernels.close();
}

async function usableAgain(client: KernelClient): Promise<void> {
  const next = await client.execute("20 + 22", { timeout: HUNG });
  if (next.result === "42") return;
  demand(next.status === "error", "lost", () => `the next cell ended with ${next.status}`);
  await expectResult(client, "20 + 22", "42");
}
