import type { ErrorReport } from "./session/protocol.js";

/** What only other kernels have, with what to do here instead. */
const REMEDIES: Readonly<Record<string, string>> = {
  Deno: "Cells run on Node.js, which has no Deno. Use node:fs/promises for its files, process.env for Deno.env, and html, markdown and display of rnnlab/display for Deno.jupyter",
  $$: 'Only the kernel "JavaScript (rnnlab)" has $$',
};

/** What is said of a name that is not there, by the compiler and by V8. */
const MISSING =
  /^(?:TS\d+: Cannot find (?:name|namespace) '([\w$]+)'|(?:ReferenceError: )?([\w$]+) is not defined$)/;

const missingName = (line: string): string => {
  const [, checked, thrown] = MISSING.exec(line) ?? [];
  return checked ?? thrown ?? "";
};

/** An error with what to do, where it is about what only another kernel has: said once, however often that is named. */
export function withForeignRemedies<Report extends ErrorReport>(report: Report): Report {
  const { evalue, traceback } = report;
  const missing = new Set(traceback.map(missingName));
  const remedies = Object.entries(REMEDIES).filter(([name]) => missing.has(name));
  if (remedies.length === 0) return report;
  const own = remedies.find(([name]) => name === missingName(evalue))?.[1];
  return {
    ...report,
    evalue: own === undefined ? evalue : `${evalue}\n${own}`,
    traceback: [...traceback, ...remedies.map(([, remedy]) => remedy)],
  };
}
