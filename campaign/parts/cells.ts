import { isDeepStrictEqual } from "node:util";
import type { Dictionary, Execution, KernelClient, Message } from "../../test/kernel/client/index.js";
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
    await round.attempt("both streams for a while", () => alternateLong(round));
    const maker = new CellMaker(round.language, round.random("cells"));
    let count = 0;
    for (let index = 0; index < CELLS && !round.over; index++) {
      const cell = maker.next();
      if (index % BURSTS_OF === BURSTS_OF - 1) {
        await burst(round, index);
        count += BURST;
      }
      const held = await round.attempt(
        cell.kind,
        async (note) => {
          count = await runCell(round, cell, count, note);
        },
        null,
      );
      // Its variables are gone with the kernel.
      if (!held) return;
    }
  },
};

/** Runs one cell; returns its execution count. */
async function runCell(
  round: Round,
  made: MadeCell,
  before: number,
  note: (milliseconds: number) => void,
): Promise<number> {
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
  demand(
    cell.status === made.status,
    "lost",
    () => `the reply is ${cell.status}: ${cell.traceback}\n${code}`,
  );
  // An error is published for a silent cell, too; these have none.
  demandOutputs(outputsIn(cell.messages), made.outputs, code);
  if (expression !== undefined) demandExpression(cell, expression.text);
  const count = Number(cell.reply.content.execution_count);
  const expected = silent ? before : before + 1;
  demand(
    silent || before === 0 || count === expected,
    "lost",
    () => `execution_count must be ${expected}, got ${count}`,
  );
  if (late !== undefined) await comesLate(client, cell, late);
  round.kernels.settle();
  return silent ? before : count;
}

function demandExpression({ reply }: Execution, text: string): void {
  const expressions = reply.content.user_expressions as Record<string, Dictionary> | undefined;
  const data = expressions?.asked?.data as Dictionary | undefined;
  demand(data?.["text/plain"] === text || JSON.stringify(data ?? null).includes(text), "lost", () => {
    return `the expression must give ${text}, got ${JSON.stringify(expressions)}`;
  });
}

/** Output of a timer when its cell is over belongs to that cell. */
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
async function burst(round: Round, index: number): Promise<void> {
  await round.attempt("ten cells at once", async (note) => {
    const client = await round.kernels.get();
    const random = round.random(`burst ${index}`);
    const words = Array.from({ length: BURST }, () => random.word(8));
    const sent = performance.now();
    const ids: string[] = [];
    for (const word of words) ids.push(await client.submit(round.language.print([word])));
    const done = await Promise.all(ids.map((id) => client.finish(id, HUNG)));
    note(performance.now() - sent);
    for (const [at, cell] of done.entries())
      demandOutputs(outputsIn(cell.messages), [`stdout ${words[at]}\n`], "ten cells at once");
    const replies = client.received.filter(({ header }) => header.msg_type === "execute_reply");
    const order = replies.map(({ parent }) => parent.msg_id);
    demand(
      isDeepStrictEqual(order, ids),
      "lost",
      () => "the replies came in another order than the requests",
    );
    round.kernels.settle();
  });
}

const NO_OUTPUTS = ["status", "execute_input"];

function outputsIn(messages: readonly Message[]): string[] {
  const outputs = messages.filter(({ header }) => !NO_OUTPUTS.includes(header.msg_type));
  return outputsOf(outputs.map(({ header, content }) => [header.msg_type, content] as const));
}
