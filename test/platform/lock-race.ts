/** Takes lock after lock over from a dead process, each at a moment at which others do, and tells where it was not alone. */
import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../../src/platform/file-lock.js";

const [folder = "", rounds = "", start = ""] = process.argv.slice(2);

/** Time for a round, in ms. */
const PACE = 10;

async function race(): Promise<void> {
  for (let round = 0; round < Number(rounds); round++) {
    while (Date.now() < Number(start) + PACE * round);
    const lock = join(folder, `${round}.lock`);
    const inside = join(folder, `${round}.inside`);
    try {
      await withFileLock(lock, async () => {
        mkdirSync(inside);
        await new Promise((resolve) => setImmediate(resolve));
        rmdirSync(inside);
      });
    } catch (error) {
      console.log(`round ${round}: ${(error as Error).message}`);
    }
  }
}

void race();
