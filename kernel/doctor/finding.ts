/** One line of the doctor's table. */
export interface Finding {
  readonly part: string;
  /** What was found: a version or a path. */
  readonly found: string;
  /** `missing` parts that are optional do no harm. */
  readonly health: "ok" | "optional" | "broken";
  /** The command that puts it right, unless it is ok. */
  readonly repair?: string;
}

/**
 * Writes findings as a table, each repair under its part.
 *
 * @param findings what was found
 * @returns the lines
 * @example
 * import { table } from "../../kernel/doctor/finding.js";
 * table([{ part: "node", found: "20.20.2", health: "ok" }]); // ["ok        node  20.20.2"]
 */
export function table(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map((finding) => finding.part.length));
  return findings.flatMap(({ part, found, health, repair }) => {
    const line = `${health.padEnd(8)}  ${part.padEnd(width)}  ${found}`;
    return repair === undefined || health === "ok" ? [line] : [line, `${" ".repeat(10)}repair: ${repair}`];
  });
}
