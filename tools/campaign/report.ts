import { cpus, release } from "node:os";
import type { Totals } from "../totals.js";
import type { KernelChoice } from "./kernel-choice.js";
import type { Report, Row, Tally } from "./tally.js";

/** What campaign.json holds. */
export interface Summary {
  readonly kernel: string;
  readonly command: readonly string[];
  readonly node: string;
  readonly system: string;
  readonly seed: number;
  readonly minutes: number;
  readonly tried: number;
  readonly lost: number;
  readonly hung: number;
  readonly leftOver: number;
  readonly rows: readonly Row[];
  /** The first of each kind. */
  readonly failures: readonly Report[];
}

/** Adds up what was counted. */
export function summaryOf(kernel: KernelChoice, seed: number, minutes: number, tally: Tally): Summary {
  const rows = tally.rows();
  const sum = (field: "tried" | "lost" | "hung" | "leftOver") =>
    rows.reduce((total, row) => total + row[field], 0);
  return {
    kernel: kernel.name,
    command: kernel.command,
    node: process.version,
    system: `${process.platform} ${release()}, ${cpus().length} processors`,
    seed,
    minutes: Math.round(minutes * 10) / 10,
    tried: sum("tried"),
    lost: sum("lost"),
    hung: sum("hung"),
    leftOver: sum("leftOver"),
    rows,
    failures: tally.failures,
  };
}

/** How many tries held and how many did not. */
export function totalsOf({ tried, lost, hung, leftOver }: Summary): Totals {
  const failed = lost + hung + leftOver;
  return { passed: tried - failed, failed };
}

/** Prints a table of all kinds and, as the last line, how many tries held. */
export function printSummary(summary: Summary): void {
  const { rows, kernel, minutes, seed } = summary;
  const header = ["part", "kind", "tried", "lost", "hung", "left over", "median ms", "max ms"];
  const lines = rows.map(({ part, kind, latency, ...counts }) => [
    part,
    kind,
    ...[counts.tried, counts.lost, counts.hung, counts.leftOver].map(String),
    String(latency?.median ?? ""),
    String(latency?.max ?? ""),
  ]);
  const widths = header.map((name, column) =>
    Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  console.log(["", format(header), ...lines.map(format)].join("\n"));
  console.log(`\n${kernel}, seed ${seed}, ${minutes} minutes, Node ${process.version}`);
  const { passed, failed } = totalsOf(summary);
  console.log(`\n${passed} passed, ${failed} failed`);
}
