import { parseArgs } from "node:util";
import { UsageError } from "../../src/platform/usage-error.js";

/** The parts of the campaign, in the order in which they run. */
const partNames = [
  "cells",
  "nbconvert",
  "interrupts",
  "kills",
  "globals",
  "messages",
  "files",
  "saves",
] as const;
export type PartName = (typeof partNames)[number];

export interface Arguments {
  readonly minutes: number;
  readonly seed: number;
  /** Those to run; all of them unless some are named. */
  readonly parts: readonly PartName[];
  /** A kernelspec's name or the path of a kernel.json; undefined for this checkout's kernel. */
  readonly kernel: string | undefined;
  /** Run this round of each part alone, to repeat a failure. */
  readonly round: number | undefined;
  /** Run only kinds whose name contains this text, to repeat a failure. */
  readonly kind: string | undefined;
  /** Where the summary goes instead of out/soak/campaign.json. */
  readonly output: string | undefined;
}

/**
 * Reads the command line of `npm run soak -- --campaign`.
 *
 * @param words - what follows `--campaign`
 * @throws {UsageError} when something is no option, part or number
 */
export function readArguments(words: readonly string[]): Arguments {
  const { minutes, seed, parts, kernel, round, kind, output } = parse(words);
  return {
    minutes: positive("minutes", minutes ?? "60"),
    seed: seed === undefined ? Date.now() % 1_000_000 : whole("seed", seed),
    parts: parts === undefined ? partNames : partNames.filter((part) => partsOf(parts).includes(part)),
    kernel,
    round: round === undefined ? undefined : whole("round", round),
    kind,
    output,
  };
}

function parse(words: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const options = {
      minutes: text,
      seed: text,
      parts: text,
      kernel: text,
      round: text,
      kind: text,
      output: text,
    };
    return parseArgs({ args: [...words], options }).values;
  } catch (cause) {
    throw new UsageError(`Cannot run the campaign: ${(cause as Error).message}`, { cause });
  }
}

function partsOf(text: string): PartName[] {
  return text.split(",").map((word) => {
    const part = partNames.find((each) => each === word);
    if (part === undefined) {
      throw new UsageError(
        `Cannot run the campaign: --parts must be among ${partNames.join(", ")}, got ${word}`,
      );
    }
    return part;
  });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new UsageError(`Cannot run the campaign: --${option} must be a positive number, got ${text}`);
  }
  return value;
}

function whole(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new UsageError(
      `Cannot run the campaign: --${option} must be an integer of at least 0, got ${text}`,
    );
  }
  return Number(text);
}
