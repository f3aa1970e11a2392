import { parseArgs } from "node:util";
import { workloads } from "./training/workloads.js";

/** The parts of the bench, in the order in which they run. */
const parts = ["kernel", "figures", "datasets", "training", "display", "scaling", "editor"] as const;
export type Part = (typeof parts)[number];

export interface Arguments {
  /** Those to run; all of them unless some are named. */
  readonly parts: readonly Part[];
  /** The numbers of the training workloads to run. */
  readonly workloads: readonly number[];
  /** A Python that has Keras, Torch or JAX: those that it has are measured too. */
  readonly peers: string | undefined;
  /** How often each contestant is measured. */
  readonly repetitions: number;
}

function numbersOf(option: string, text: string, allowed: readonly number[]): number[] {
  return text.split(",").map((item) => {
    const number = Number(item);
    if (!allowed.includes(number))
      throw new RangeError(
        `Cannot run the bench: --${option} must be among ${allowed.join(", ")}, got ${item}`,
      );
    return number;
  });
}

/**
 * Reads the command line: `[kernel] [figures] [datasets] [training] [display] [scaling] [editor] [--workloads 7,8] [--peers PYTHON] [--repetitions 5]`.
 *
 * @param words - what follows the script's name
 * @returns what to run
 * @throws {RangeError} when a part, a workload or a number is none
 * @throws {TypeError} when an option is unknown
 */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      workloads: { type: "string" },
      peers: { type: "string", default: process.env.RNNLAB_PEERS ?? "" },
      repetitions: { type: "string", default: "5" },
    },
  });
  const named = positionals.map((word) => {
    const part = parts.find((each) => each === word);
    if (part === undefined)
      throw new RangeError(`Cannot run the bench: its parts are ${parts.join(", ")}, got ${word}`);
    return part;
  });
  const repetitions = Number(values.repetitions);
  if (!(Number.isInteger(repetitions) && repetitions > 0))
    throw new RangeError(
      `Cannot run the bench: --repetitions must be a positive integer, got ${values.repetitions}`,
    );
  const numbers = workloads.map(({ number }) => number);
  return {
    parts: parts.filter((part) => named.length === 0 || named.includes(part)),
    workloads: values.workloads === undefined ? numbers : numbersOf("workloads", values.workloads, numbers),
    peers: values.peers === "" ? undefined : values.peers,
    repetitions,
  };
}
