import { createHash } from "node:crypto";
import { cpSync, lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Random } from "../../random.js";
import { Helper } from "../helper.js";
import { type Reader, readers } from "../helpers/messages.js";
import type { Part } from "../round.js";
import { Failure } from "../tally.js";
import { damage, damageKinds } from "./damage.js";
import { makeSamples, type Samples } from "./file-samples.js";

const TIMES = 4;

/** Damaged and hostile files for everything that reads one: each is refused in plain words, at once and in little memory. */
export const files: Part = {
  weight: 3,
  modulesOnly: true,
  run: async (round) => {
    let helper = await Helper.start();
    try {
      const samples = await makeSamples(join(round.folder, "good"), helper);
      const tries = readers.flatMap((reader) =>
        damageKinds.flatMap((kind) => Array.from({ length: TIMES }, (_, turn) => ({ reader, kind, turn }))),
      );
      for (const { reader, kind, turn } of round.random("order").shuffled(tries)) {
        if (round.over) return;
        const label = `${reader}: ${kind} ${turn}`;
        const path = prepare(round.folder, samples, reader, kind, round.random(label));
        if (path === undefined) continue;
        await round.attempt(
          reader,
          async (note) => {
            if (!helper.alive) helper = await Helper.start();
            const start = performance.now();
            await readOnce(helper, reader, path);
            note(performance.now() - start);
          },
          label,
        );
      }
    } finally {
      await helper.kill();
    }
  },
};

/** Copies the good files and damages one; returns what is to be read, undefined if the damage does not apply. */
function prepare(
  folder: string,
  samples: Samples,
  reader: Reader,
  kind: string,
  random: Random,
): string | undefined {
  const good = join(folder, "good");
  const original = random.pick(samples[reader]);
  const inGood = relative(good, original);
  const copy = join(folder, "damaged");
  rmSync(copy, { recursive: true, force: true });
  const alone = dirname(inGood) === "." ? inGood : dirname(inGood);
  cpSync(join(good, alone), join(copy, alone), { recursive: true });
  const path = join(copy, inGood);
  if (!damage(kind, path, random)) return undefined;
  if (reader === "checksums") writeFileSync(join(dirname(path), "Electric_Production.csv"), "DATE,VALUE\n");
  else if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) declare(path);
  return reader === "model folder" ? dirname(path) : path;
}

/** Declares the file as it is beside it: it is to be read, not refused by its checksum. */
function declare(path: string): void {
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  writeFileSync(join(dirname(path), "checksums.json"), JSON.stringify({ [basename(path)]: sha256 }));
}

async function readOnce(helper: Helper, reader: Reader, path: string): Promise<void> {
  const answer = await helper.ask({ do: "read", reader, path });
  if (answer.was === "leak") throw new Failure("left over", `${answer.tensors} tensors after an error`);
  if (answer.was === "error" && !answer.message.startsWith("Cannot ")) {
    throw new Failure(
      "lost",
      `the error does not say what cannot be done: ${answer.message.slice(0, 500)}\n${answer.stack.slice(0, 1500)}`,
    );
  }
}
