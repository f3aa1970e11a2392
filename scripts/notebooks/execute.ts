import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { writePage } from "../../cli/page/write-page.js";
import { endProcessGroup } from "../../src/platform/end-process.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { type Result, readReport } from "./result.js";

/** How to execute a notebook. */
export interface ExecuteOptions {
  /** The Python that has nbclient and nbconvert. */
  readonly python: string;
  /** Where the executed notebook and its HTML go. */
  readonly out: string;
  readonly size: "quick" | "full";
  readonly env: NodeJS.ProcessEnv;
  /** Receives the progress, which is not always whole lines. */
  readonly write: (text: string) => void;
  /** Ends the notebook and its kernel. */
  readonly signal?: AbortSignal;
  /** Another kernel than the notebook's own. */
  readonly kernel?: string;
}

type Event =
  | { event: "kernel"; pid: number }
  | { event: "cell"; index: number; total: number; title: string }
  | { event: "done"; seconds: number }
  | { event: "error"; name: string; message: string };

const SCRIPT = join(packageRoot, "scripts/notebooks/execute.py");
/** A link to a notebook beside this one: on a page it leads to that one's page. */
const LINK = /href="(?![a-z]+:)([^"#]+)\.ipynb(#[^"]*)?"/g;
const TITLE_WIDTH = 62;
const GRACE = 8_000;

/**
 * Executes one notebook through its kernel and tells the progress, a line for each cell.
 *
 * @param notebook - the notebook's path
 * @param options - where to and with what
 * @returns the entry for `out/results.json`
 */
export async function executeNotebook(notebook: string, options: ExecuteOptions): Promise<Result> {
  const name = basename(notebook, ".ipynb");
  const executed = join(options.out, `${name}.ipynb`);
  const page = join(options.out, `${name}.html`);
  for (const file of [executed, page]) rmSync(file, { force: true });
  const start = performance.now();
  const error = await run(notebook, executed, options);
  const seconds = Math.round((performance.now() - start) / 10) / 100;
  if (existsSync(executed)) {
    await writePage(options.python, executed, page);
    writeFileSync(page, readFileSync(page, "utf8").replace(LINK, 'href="$1.html$2"'));
  }
  const report = readReport(executed);
  const failed = report?.checks.filter((check) => !check.passed).map((check) => check.name) ?? [];
  const unmet = failed.length === 0 ? null : `not met: ${failed.join(", ")}`;
  return {
    notebook: name,
    data: report?.data ?? null,
    size: options.size,
    seconds,
    passed: error === null && unmet === null,
    error: error ?? unmet,
    figures: report?.figures ?? {},
  };
}

/** Runs execute.py; returns the error of the notebook, or null. */
async function run(notebook: string, executed: string, options: ExecuteOptions): Promise<string | null> {
  const args = [SCRIPT, notebook, executed, ...(options.kernel ? [options.kernel] : [])];
  // A group of its own: Ctrl-C reaches this process only, which then ends the notebook in order.
  const child = spawn(options.python, args, {
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let kernel: number | undefined;
  let error: string | null = null;
  let messages = "";
  let insideLine = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    messages += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const event = JSON.parse(line) as Event;
    if (event.event === "kernel") kernel = event.pid;
    else if (event.event === "error") error = `${event.name}: ${firstLine(event.message)}`;
    else {
      options.write(progress(event));
      insideLine = event.event === "cell";
    }
  });
  const stop = () => end(child, kernel);
  options.signal?.addEventListener("abort", stop, { once: true });
  const status = await new Promise<string>((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => settle(signal ?? String(code)));
  });
  options.signal?.removeEventListener("abort", stop);
  if (insideLine) options.write("\n");
  if (options.signal?.aborted) return "interrupted";
  if (status !== "0" && error === null)
    return `the notebook's client ended with ${status}: ${messages.trim().split("\n").at(-1) ?? ""}`;
  return error;
}

function progress(event: Extract<Event, { event: "cell" | "done" }>): string {
  if (event.event === "done") return `${event.seconds.toFixed(1).padStart(8)} s\n`;
  const total = String(event.total);
  const title = event.title.length > TITLE_WIDTH ? `${event.title.slice(0, TITLE_WIDTH - 1)}…` : event.title;
  return `  ${String(event.index).padStart(total.length)}/${total}  ${title.padEnd(TITLE_WIDTH)}`;
}

/** Asks the client to shut its kernel down; ends both if that takes too long. */
function end(child: ChildProcess, kernel: number | undefined): void {
  child.kill("SIGTERM");
  const timer = setTimeout(() => {
    for (const pid of [child.pid, kernel]) if (pid !== undefined) endProcessGroup(pid);
  }, GRACE);
  child.on("close", () => clearTimeout(timer));
}

function firstLine(message: string): string {
  return message.split("\n").find((line) => line.trim() !== "") ?? "";
}
