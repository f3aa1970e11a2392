import { isDone, magicCell } from "../shared/magics.js";
import type { CellOrigin, ErrorReport } from "../shared/session-messages.js";
import type { CellOutputs } from "./cell-outputs.js";
import { benchOf, CLOCK, listOf, type MagicStep, notInFunction, stepFor, withoutBench } from "./magics.js";

/** Runs what has been compiled; resolves with what it threw. */
export type Run = () => Promise<ErrorReport | undefined>;

/** What magics ask of whoever runs cells. */
export interface MagicHost {
  readonly outputs: CellOutputs;
  /** The names that the notebook has. */
  names(): Promise<Parameters<typeof listOf>[0]>;
  /** Starts a fresh session. */
  renew(): Promise<void>;
  /** Says what is wrong with the code of a cell; nothing runs. */
  check(cell: CellOrigin, code: string): ReturnType<Run>;
  /** Compiles code of the kernel's own as a part of a cell; `refused` makes the error where it cannot be compiled. */
  prepare(cell: CellOrigin, code: string, refused?: (report: ErrorReport) => ErrorReport): Promise<Run>;
  /** Runs the code of a cell; `around` is given what runs it. */
  run(cell: CellOrigin, code: string, around?: (run: Run) => ReturnType<Run>): ReturnType<Run>;
  /** Adds to an error what the kernel knows of its reason. */
  explain(report: ErrorReport): ErrorReport;
}

/** Runs cells that may have magics. */
export class MagicCells {
  readonly #folder: string;
  readonly #host: MagicHost;

  /**
   * @param folder - the notebook's
   * @param host - runs code
   */
  constructor(folder: string, host: MagicHost) {
    this.#folder = folder;
    this.#host = host;
  }

  /** Does what the magics of a cell say, then runs its code. */
  async run(cell: CellOrigin, code: string): Promise<ErrorReport | undefined> {
    const magic = magicCell(code);
    const host = this.#host;
    if (magic === undefined) return host.run(cell, code);
    for (const each of magic.magics) {
      const error = await this.#step(stepFor(each, this.#folder), cell);
      if (error !== undefined) return error;
    }
    if (isDone(magic)) return undefined;
    if (magic.measure === "bench") return this.#bench(cell, magic.code);
    if (magic.measure === undefined) return host.run(cell, code);
    const [start, stop] = [await host.prepare(cell, CLOCK.start), await host.prepare(cell, CLOCK.stop)];
    return host.run(cell, code, async (run) => {
      const early = await start();
      const error = early ?? (await run());
      const late = await stop();
      return error ?? late;
    });
  }

  async #step(step: MagicStep, cell: CellOrigin): Promise<ErrorReport | undefined> {
    const { outputs, names, prepare, renew } = this.#host;
    switch (step.kind) {
      case "fail":
        return step.error;
      case "run": {
        const run = await prepare(cell, step.code);
        const error = await run();
        // Where in the kernel it was thrown is of no use to anybody.
        return error && { ...error, traceback: [`${error.ename}: ${error.evalue}`] };
      }
      case "print":
        outputs.stream(cell.serial, "stdout", step.text);
        return undefined;
      case "show":
        outputs.publish(cell.serial, "display_data", { data: step.data, metadata: {}, transient: {} });
        return undefined;
      case "names":
        outputs.stream(cell.serial, "stdout", listOf(await names()));
        return undefined;
      case "reset":
        await renew();
        outputs.stream(cell.serial, "stdout", "The session is a fresh one, without names.\n");
        return undefined;
    }
  }

  /** Runs the code of a cell many times. What is wrong with it is found where it was written. */
  async #bench(cell: CellOrigin, code: string): Promise<ErrorReport | undefined> {
    const { check, explain, prepare } = this.#host;
    const wrong = await check(cell, code);
    if (wrong !== undefined) return wrong;
    const run = await prepare(cell, benchOf(code), notInFunction);
    const error = await run();
    return error && explain(withoutBench(error));
  }
}
