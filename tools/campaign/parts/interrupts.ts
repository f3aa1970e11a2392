import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KernelClient } from "../../kernel-client/index.js";
import type { KernelChoice } from "../kernel-choice.js";
import { expectOk, expectResult, HUNG } from "../kernel-slot.js";
import type { Loop } from "../languages/index.js";
import { commandLine, eventually, processorSeconds } from "../machine.js";
import type { Part, Round } from "../round.js";
import { demand } from "../tally.js";

type Way = "signal" | "control" | "shell";

/** The ways that a kernel promises; ours takes all of them. */
function waysOf({ own, interruptMode }: KernelChoice): readonly Way[] {
  if (own) return ["control", "signal", "shell"];
  return interruptMode === "message" ? ["control"] : ["signal"];
}

/** A loop is interrupted after a random time up to this, in ms. */
const LONGEST_RUN = 300;

/** A session that does nothing uses less than this part of a processor. */
const REST = 0.3;

const WINDOW = 200;

/** Each kind of loop once a round, each time in another way. */
export const interrupts: Part = {
  weight: 4,
  run: async (round) => {
    const server = createServer((_, response) => response.end("some text")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const preamble = round.language.preamble(join(round.folder, "scratch"), `http://127.0.0.1:${port}/`);
    writePackages(round.folder);
    try {
      const ways = waysOf(round.kernel);
      const loops = round.language.loops.filter(({ own }) => round.kernel.own || !own);
      const turns = loops.map((loop, index) => ({
        loop,
        way: ways[(round.number + index) % ways.length] ?? "control",
      }));
      for (const { loop, way } of round.random("order").shuffled(turns)) {
        const label = `${loop.name}, ${way}`;
        await round.attempt(loop.name, (note) => interruptOnce(round, preamble, loop, way, note), label);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

/** Packages that are busy for a moment when they are loaded. */
function writePackages(folder: string): void {
  const busy = "for (const end = Date.now() + 500; Date.now() < end; );";
  const packages = [
    { name: "slow-commonjs", type: "commonjs", code: `${busy}\nexports.done = true;` },
    { name: "slow-module", type: "module", code: `${busy}\nexport const done = true;` },
  ];
  for (const { name, type, code } of packages) {
    const directory = join(folder, "node_modules", name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name, type, exports: "./index.js" }));
    writeFileSync(join(directory, "index.js"), code);
    writeFileSync(join(directory, "index.d.ts"), "export declare const done: boolean;");
  }
}

async function interruptOnce(
  round: Round,
  preamble: string,
  loop: Loop,
  way: Way,
  note: (milliseconds: number) => void,
): Promise<void> {
  const { language, kernels } = round;
  const random = round.random(loop.name);
  if (loop.afterwards !== undefined) await kernels.close();
  const client = await kernels.get(preamble);
  const kept = random.integer(1e6);
  await expectOk(client, language.declareNumber("kept", kept));
  const processes = new Set(kernels.tree());

  const id = await client.submit(`${language.start}\n${loop.code}`);
  await client.streamed(id, "started");
  await delay(random.integer(LONGEST_RUN));
  const sent = performance.now();
  await interrupt(client, way);
  const cell = await client.finish(id, HUNG);
  note(performance.now() - sent);
  const { ename } = cell.reply.content;
  // Others name it as they like: ipykernel has CancelledError for what is awaited.
  const named =
    !round.kernel.own || ename === "KeyboardInterrupt" || (loop.throws && ename !== "SessionEnded");
  demand(
    cell.status === "error" && Boolean(named),
    "lost",
    () => `the cell ended with ${cell.status}: ${cell.traceback}`,
  );

  const still = await client.execute(language.standsStill, { timeout: HUNG });
  demand(still.status === "ok", "lost", () => `the next cell failed: ${still.traceback}`);
  demand(still.result === language.true, "left over", () => "the interrupted code runs on");
  await streamsLive(round, client, random.word(8));
  await expectResult(client, language.sum(["kept", 1]), String(kept + 1));
  if (loop.afterwards !== undefined) await expectResult(client, loop.afterwards, language.true);
  await rests(kernels.tree());
  const others = () => kernels.tree().filter((pid) => !processes.has(pid));
  // A cell that imports tensors has the compiler replaced by one that knows their types.
  await eventually(
    () => kernels.tree().length <= processes.size,
    5000,
    "left over",
    () => `${others().map(commandLine).join(", ")} still live`,
  );
  kernels.settle();
}

async function interrupt(client: KernelClient, way: Way): Promise<void> {
  if (way === "signal") client.process.signalGroup("SIGINT");
  else await client.send(way, "interrupt_request", {});
}

/** Both streams must show what is printed now, and nothing else. */
async function streamsLive({ language }: Round, client: KernelClient, word: string): Promise<void> {
  for (const stream of ["stdout", "stderr"] as const) {
    const { [stream]: text } = await expectOk(client, language.print([word], stream));
    demand(
      text === `${word}\n`,
      "lost",
      () => `${stream} shows ${JSON.stringify(text.slice(0, 200))} instead of ${word}`,
    );
  }
}

/** Waits until processes use next to no processor time. */
async function rests(pids: readonly number[]): Promise<void> {
  const busy: Record<string, number> = {};
  for (let windows = 0; windows < 10_000 / WINDOW; windows++) {
    const before = pids.map((pid) => processorSeconds([pid]));
    const start = performance.now();
    await delay(WINDOW);
    const seconds = (performance.now() - start) / 1000;
    const shares = pids.map((pid, index) => (processorSeconds([pid]) - (before[index] ?? 0)) / seconds);
    if (Math.max(...shares) < REST) return;
    for (const [index, pid] of pids.entries()) busy[commandLine(pid)] = shares[index] ?? 0;
  }
  demand(false, "left over", () => `processes do not come to rest: ${JSON.stringify(busy)}`);
}
