import type { ErrorReport } from "../shared/session-messages.js";

/** What only other kernels have, with what to do here instead. */
const REMEDIES: Readonly<Record<string, string>> = {
  Deno: "Cells run on Node.js, which has no Deno. Use node:fs/promises for its files, process.env for Deno.env, and html, markdown and display of rnnlab/display for Deno.jupyter",
  "jsr:":
    "Cells run on Node.js, which knows no jsr:. Run npx jsr add with the package's name in the notebook's folder, and import that name without jsr:",
  "https:":
    "Cells run on Node.js, which imports nothing from addresses. Install the package with npm install, and import it by its name",
  $$: 'Only the kernel "JavaScript (rnnlab)" has $$',
};

/** What is said of a name, or of a kind of module, that is not there: by the compiler and V8. */
const MISSING = [
  /^TS\d+: Cannot find (?:name|namespace) '([\w$]+)'/,
  /^TS\d+: Cannot find module '(jsr:|https:)/,
  /^(?:ReferenceError: )?([\w$]+) is not defined$/,
];

const missingName = (line: string): string =>
  MISSING.map((pattern) => pattern.exec(line)?.[1]).find((name) => name !== undefined) ?? "";

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
