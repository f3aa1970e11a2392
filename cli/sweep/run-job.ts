import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { packageRoot } from "../../src/platform/package-root.js";
import type { SweepRun } from "../../src/sweep/sweep-run.js";
import type { JobEnd } from "./engines/engine.js";
import { TIMED_OUT } from "./job-status.js";
import type { PlannedRun } from "./run-all.js";

/** What `rnnlab run --json` says of a notebook, as far as it matters here. */
interface Answer {
  readonly outcome: string;
  readonly seconds: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly error: { readonly ename?: string; readonly evalue?: string; readonly message?: string } | null;
  readonly cells: readonly { readonly cell: number }[];
}

const LONGEST_ERROR = 500;

/**
 * The command of a run, for Node.
 *
 * @param notebook - its absolute path
 * @param run - with the parameters
 * @param timeout - in seconds, if it may take no longer
 */
export function commandOf(notebook: string, { texts }: PlannedRun, timeout: number | undefined): string[] {
  const parameters = Object.entries(texts).flatMap(([name, text]) => ["-p", `${name}=${text}`]);
  return [
    join(packageRoot, "dist/cli/sweep/job.js"),
    String(timeout ?? 0),
    notebook,
    ...parameters,
    "--json",
  ];
}

/**
 * Reads how a run has ended.
 *
 * @param run - that was done
 * @param end - of its job
 * @param attempts - how often it was begun
 * @param timeout - in seconds, if there was one
 * @returns a finished run, or a failed one with its error
 */
export function runOf(
  { id, values }: PlannedRun,
  end: JobEnd & { readonly kind: "ended" | "died" },
  attempts: number,
  timeout: number | undefined,
): SweepRun {
  const base = { id, parameters: values, attempts };
  if (end.kind === "died")
    return { ...base, status: "failed", seconds: 0, figures: {}, error: oneLine(end.reason) };
  const answer = answerIn(end.stdout);
  const { seconds = 0, figures = {} } = answer ?? {};
  if (end.status === 0 && answer?.outcome === "ok") return { ...base, status: "ok", seconds, figures };
  const error =
    end.status === TIMED_OUT
      ? `the run must end within ${timeout} s (--timeout), and was stopped`
      : (reasonIn(answer) ?? end.stderr.trim().split("\n").at(-1)) ||
        `its process ended with status ${end.status}`;
  return { ...base, status: "failed", seconds, figures, error: oneLine(error) };
}

function answerIn(stdout: string): Answer | undefined {
  try {
    return JSON.parse(stdout).notebooks[0];
  } catch {
    // The process has died of something else, and standard error says more.
    return undefined;
  }
}

function reasonIn(answer: Answer | undefined): string | undefined {
  if (answer === undefined || answer.error === null) return undefined;
  const { ename, evalue, message } = answer.error;
  if (message !== undefined) return message;
  return `cell ${answer.cells.at(-1)?.cell}, ${ename}: ${evalue}`;
}

function oneLine(text: string): string {
  const line = stripVTControlCharacters(text).trim().replace(/\s+/g, " ");
  return line.length > LONGEST_ERROR ? `${line.slice(0, LONGEST_ERROR)}…` : line;
}
