import type { Execution, KernelClient } from "../../kernel-client/index.js";
import { expectOk, expectResult, HUNG } from "../kernel-slot.js";
import type { Hostile } from "../languages/index.js";
import { sessionOf } from "../machine.js";
import type { Part, Round } from "../round.js";
import { demand } from "../tally.js";

/** Cells that replace or break globals and prototypes, each in a fresh session. */
export const globals: Part = {
  weight: 2,
  run: async (round) => {
    for (const hostile of round.random("order").shuffled(round.language.hostile)) {
      if (round.over) return;
      await round.attempt(hostile.kind, (note) => breakOnce(round, hostile, note), hostile.label);
    }
  },
};

async function breakOnce(
  round: Round,
  hostile: Hostile,
  note: (milliseconds: number) => void,
): Promise<void> {
  const { kernels, language } = round;
  const client = await kernels.get();
  await expectOk(client, language.declareNumber("kept", 41));
  const start = performance.now();
  const broken = await client.execute(hostile.code, { timeout: HUNG });
  note(performance.now() - start);
  if (hostile.harmless) demand(broken.status === "ok", "lost", () => `the cell failed: ${broken.traceback}`);
  goesOn(broken, hostile);

  const state = await client.execute(language.sum(["kept", 1]), { timeout: HUNG });
  const kept = state.result === "42" || (!hostile.harmless && offersRestart(state));
  demand(kept, "lost", () => `the state is lost: got ${state.result ?? state.traceback}`);

  const printed = await client.execute(language.print(["alive"]), { timeout: HUNG });
  goesOn(printed, hostile);
  // Printing may have been broken, but then the cell says so.
  const silent = printed.status === "ok" && printed.stdout !== "alive\n";
  const alive = !silent || hostile.label.includes("console") || hostile.label.includes("stdout");
  demand(alive, "lost", () => `a print shows ${JSON.stringify(printed.stdout)}`);
  if (hostile.harmless)
    demand(printed.status === "ok", "lost", () => `printing failed: ${printed.traceback}`);
  await renew(round, client);
  kernels.settle();
}

/** A broken realm may fail cells, but it does not end the session; and when it is beyond use, the cell says so. */
function goesOn(cell: Execution, { label }: Hostile): void {
  const ended = cell.error?.ename === "SessionEnded" && !offersRestart(cell);
  demand(!ended, "lost", () => `the session ended by ${label}: ${cell.traceback}`);
}

const offersRestart = (cell: Execution) => cell.status === "error" && /\brestart/i.test(cell.traceback);

/** A fresh session for ours, a fresh kernel for others; ours must be usable at once. */
async function renew({ kernel, kernels, language }: Round, client: KernelClient): Promise<void> {
  if (!kernel.own) return await kernels.close();
  process.kill(sessionOf(client.process.tree()), "SIGKILL");
  await client.execute(language.sum([1, 2]), { timeout: HUNG });
  await expectResult(client, language.sum([20, 22]), "42");
}
