import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Helper } from "../helper.js";
import type { Answer } from "../helpers/messages.js";
import type { Part, Round } from "../round.js";
import { demand, Failure } from "../tally.js";

const KILLS = 20;
const PAIRS = 5;

/** A saver is killed after a random time up to this, in ms: some saves. */
const LONGEST = 150;

/** How long two savers write side by side, in ms. */
const TOGETHER = 1000;

/** Saves that are killed, with a reader beside: what is at the path is always a whole model, and litter goes. */
export const saves: Part = {
  weight: 2,
  modulesOnly: true,
  run: async (round) => {
    const reader = await Helper.start();
    try {
      for (const name of ["model", "model.keras"]) {
        const path = join(round.folder, name, name);
        for (let turn = 0; turn < KILLS; turn++) {
          const kind = `killed save of ${name}`;
          const label = `${kind}, ${turn}`;
          await round.attempt(kind, (note) => killOnce(round, reader, path, label, note), label);
        }
        for (let turn = 0; turn < PAIRS; turn++) {
          const kind = `two savers of ${name}`;
          const label = `${kind}, ${turn}`;
          await round.attempt(kind, () => twoSavers(round, reader, path, label), label);
        }
      }
    } finally {
      await reader.kill();
    }
  },
};

async function killOnce(
  round: Round,
  reader: Helper,
  path: string,
  label: string,
  note: (milliseconds: number) => void,
): Promise<void> {
  const saver = await Helper.start();
  try {
    succeeded(await saver.ask({ do: "save", path, value: 1 }));
    // The save before this one was killed; nothing of it may be left now.
    const others = readdirSync(join(path, "..")).filter((name) => !path.endsWith(name));
    demand(others.length === 0, "left over", () => `beside the model there are ${others.join(", ")}`);
    saver.send({ do: "save on", path, value: 2 });
    const end = Date.now() + round.random(label).integer(LONGEST);
    while (Date.now() < end) succeeded(await reader.ask({ do: "check", path }));
    await saver.kill();
    const start = performance.now();
    succeeded(await reader.ask({ do: "check", path }));
    note(performance.now() - start);
  } finally {
    await saver.kill();
  }
}

/** They start where a third one has been killed, whose lock is still there. */
async function twoSavers(round: Round, reader: Helper, path: string, label: string): Promise<void> {
  await killOnce(round, reader, path, label, () => undefined);
  const savers = [await Helper.start(), await Helper.start()];
  const save = async (saver: Helper, index: number): Promise<void> =>
    succeeded(await saver.ask({ do: "save on", path, value: 1000 * index }));
  const read = async (): Promise<void> => {
    const end = Date.now() + TOGETHER;
    while (Date.now() < end) {
      succeeded(await reader.ask({ do: "check", path }));
      await delay(5);
    }
    for (const saver of savers) saver.send({ do: "stop" });
  };
  try {
    await Promise.all([...savers.map(save), read()]);
  } finally {
    for (const saver of savers) await saver.kill();
  }
}

function succeeded(answer: Answer): void {
  if (answer.was === "error") throw new Failure("lost", answer.message);
}
