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
 * @param findings - what was found
 * @returns the lines
 */
export function table(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map((finding) => finding.part.length));
  return findings.flatMap(({ part, found, health, repair }) => {
    const line = `${health.padEnd(8)}  ${part.padEnd(width)}  ${found}`;
    return repair === undefined || health === "ok" ? [line] : [line, `${" ".repeat(10)}repair: ${repair}`];
  });
}
