import { isDeepStrictEqual } from "node:util";
import type { Dictionary, Execution, KernelClient, Message } from "../../kernel-client/index.js";
import { HUNG } from "../kernel-slot.js";
import { eventually } from "../machine.js";
import type { Part, Round } from "../round.js";
import { demand } from "../tally.js";
import { CellMaker, type MadeCell } from "./cell-maker.js";
import { demandOutputs, outputsOf } from "./outputs.js";

/** Cells in one kernel: enough for what only goes wrong after thousands. */
const CELLS = 5000;

/** How many cells are submitted before the first is awaited, and how often. */
const BURST = 10;
const BURSTS_OF = 50;

/** How often a long cell prints to one stream and to the other. */
const PAIRS = 1000;

/** Thousands of mixed cells in one kernel; every output, reply and count is checked. */
export const cells: Part = {
  weight: 3,
  run: async (round) => {
    await round.attempt("both streams for a while", () => alternateLong(round), null);
    const maker = new CellMaker(round.language, round.random("cells"));
    const counter: Counter = { last: undefined };
    for (let index = 0; index < CELLS && !round.over; index++) {
      if (index % BURSTS_OF === BURSTS_OF - 1) await burst(round, index, counter);
      const cell = maker.next();
      const held = await round.attempt(cell.kind, (note) => runCell(round, cell, counter, note), null);
      // Its variables are gone with the kernel.
      if (!held && !round.kernels.usable) return;
    }
  },
};

/** The execution count of the last cell, once there is one. */
interface Counter {
  last: number | undefined;
}

async function runCell(
  round: Round,
  made: MadeCell,
  counter: Counter,
  note: (milliseconds: number) => void,
): Promise<void> {
  const client = await round.kernels.get();
  const { code, silent = false, expression, late } = made;
  const sent = performance.now();
  const cell = await client.execute(code, {
    silent,
    store_history: !silent,
    stop_on_error: false,
    user_expressions: expression === undefined ? {} : { asked: expression.code },
    timeout: HUNG,
  });
  note(performance.now() - sent);
  const counted = silent || countsOn(counter, cell.reply);
  const told = () => `the reply is ${cell.status}: ${cell.traceback}\n${code}`;
  demand(cell.status === made.status, "lost", told);
  // An error is published for a silent cell, too; these have none.
  if (late === undefined) demandOutputs(outputsIn(cell.messages), made.outputs, code);
  if (expression !== undefined) demandExpression(cell, expression.text);
  demand(counted, "lost", () => "execution_count is not the next number");
  if (late !== undefined) await comesLate(client, cell, late);
  round.kernels.settle();
}

/** Takes the count of a reply; returns whether it follows the last one. */
function countsOn(counter: Counter, { content }: Message): boolean {
  const count = Number(content.execution_count);
  const follows = counter.last === undefined || count === counter.last + 1;
  counter.last = count;
  return follows;
}

function demandExpression({ reply }: Execution, text: string): void {
  const expressions = reply.content.user_expressions as Record<string, Dictionary> | undefined;
  const data = expressions?.asked?.data as Dictionary | undefined;
  demand(data?.["text/plain"] === text || JSON.stringify(data ?? null).includes(text), "lost", () => {
    return `the expression must give ${text}, got ${JSON.stringify(expressions)}`;
  });
}

/** Output of a timer when its cell is over belongs to that cell; on a busy machine it comes before the cell is over. */
async function comesLate(client: KernelClient, cell: Execution, text: string): Promise<void> {
  const shown = () => outputsIn(client.outputsOf(cell.id)).join("");
  await eventually(
    () => shown() === `stdout ${text}`,
    HUNG,
    "lost",
    () => `a timer's ${JSON.stringify(text)} is not shown under its cell: ${JSON.stringify(shown())}`,
  );
}

/** A training of some seconds that prints to both streams. */
async function alternateLong({ kernels, language }: Round): Promise<void> {
  const client = await kernels.get();
  const code = language.alternate(PAIRS, 5);
  const { messages } = await client.execute(code, { timeout: 3 * HUNG });
  const pairs = Array.from({ length: PAIRS }, (_, i) => [`stdout out ${i}\n`, `stderr err ${i}\n`]);
  demandOutputs(outputsIn(messages), pairs.flat(), code);
  kernels.settle();
}

/** Several cells at once: all are answered, in order. */
async function burst(round: Round, index: number, counter: Counter): Promise<void> {
  const body = async (note: (milliseconds: number) => void): Promise<void> => {
    const client = await round.kernels.get();
    const random = round.random(`burst ${index}`);
    const words = Array.from({ length: BURST }, () => random.word(8));
    const sent = performance.now();
    const ids: string[] = [];
    for (const word of words) ids.push(await client.submit(round.language.print([word])));
    const done = await Promise.all(ids.map((id) => client.finish(id, HUNG)));
    note(performance.now() - sent);
    const counted = done.map(({ reply }) => countsOn(counter, reply));
    for (const [at, cell] of done.entries()) {
      demandOutputs(outputsIn(cell.messages), [`stdout ${words[at]}\n`], "ten cells at once");
    }
    const order = client.received
      .filter(
        ({ header, parent }) => header.msg_type === "execute_reply" && ids.includes(String(parent.msg_id)),
      )
      .map(({ parent }) => parent.msg_id);
    const ordered = isDeepStrictEqual(order, ids) && counted.every(Boolean);
    demand(ordered, "lost", () => "the replies came in another order than the requests");
    round.kernels.settle();
  };
  await round.attempt("ten cells at once", body, null);
}

const NO_OUTPUTS = ["status", "execute_input"];

function outputsIn(messages: readonly Message[]): string[] {
  const outputs = messages.filter(({ header }) => !NO_OUTPUTS.includes(header.msg_type));
  return outputsOf(outputs.map(({ header, content }) => [header.msg_type, content] as const));
}
