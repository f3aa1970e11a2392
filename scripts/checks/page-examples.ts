import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Language } from "../../kernel/shared/language.js";
import { type Execution, KernelClient } from "../../tools/kernel-client/index.js";
import { mismatch } from "./example-output.js";
import { type Block, blocksOf, type Page } from "./pages.js";

/** The kernels, by what stands after a fence. */
const LANGUAGES: Readonly<Record<string, Language>> = { ts: "typescript", js: "javascript" };

/** Far above what any cell of the pages takes. */
const CELL_LIMIT = 120_000;

/**
 * Runs the blocks of code of pages as cells: a page is a notebook in an empty folder, with a kernel of its own.
 *
 * An HTML comment on the line above a block says what else is to be known of it: `not run: why`, `loose` (strict types do
 * not count), `answers: Ada, 36` (what is typed in), `fails: TypeError` (how it has to end).
 *
 * @param pages - the pages
 * @returns one entry a problem
 */
export async function pageProblems(pages: readonly Page[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, text } of pages) {
    for (const [fence, language] of Object.entries(LANGUAGES)) {
      const blocks = blocksOf(text).filter((block) => block.language === fence && !isLeftOut(block));
      if (blocks.length > 0) problems.push(...(await notebookProblems(path, blocks, language)));
    }
  }
  return problems;
}

/** A block is left out only with a reason. */
const isLeftOut = ({ note }: Block): boolean => /^not run: \S/.test(note);

async function notebookProblems(
  path: string,
  blocks: readonly Block[],
  language: Language,
): Promise<string[]> {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-page-")));
  const problems: string[] = [];
  try {
    const kernel = await KernelClient.start({ cwd, language });
    try {
      for (const block of blocks) {
        const cell = await execute(kernel, block, language);
        problems.push(...blockProblems(`${path}:${block.line}`, block, cell));
      }
    } finally {
      await kernel.dispose();
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
  return problems;
}

async function execute(kernel: KernelClient, { code, note }: Block, language: Language): Promise<Execution> {
  const strict = language === "typescript" && note !== "loose";
  const answers = /^answers: (.*)$/.exec(note)?.[1]?.split(", ") ?? [];
  const id = await kernel.submit(strict ? `// @rnnlab strict\n${code}` : code, {
    allow_stdin: answers.length > 0,
    stop_on_error: false,
  });
  const asked = new Set<string>();
  for (const value of answers) {
    const question = await kernel.waitFor(
      ({ header, parent }) =>
        header.msg_type === "input_request" && parent.msg_id === id && !asked.has(header.msg_id),
      `question of ${id}`,
      CELL_LIMIT,
    );
    asked.add(question.header.msg_id);
    await kernel.send("stdin", "input_reply", { status: "ok", value }, { parent: question.header });
  }
  return kernel.finish(id, CELL_LIMIT);
}

function blockProblems(place: string, { code, note }: Block, cell: Execution): string[] {
  const [, expected] = /^fails: (.+)$/.exec(note) ?? [];
  const error = cell.error === undefined ? undefined : `${cell.error.ename}: ${cell.error.evalue}`;
  if (expected !== undefined && error?.startsWith(expected)) return [];
  if (expected !== undefined) return [`${place}: must fail with ${expected}, got ${error ?? "no error"}`];
  if (error !== undefined) return [`${place}: ${error}`];
  const printed = [cell.stdout.replace(/\n$/, ""), cell.result].filter((text) => text);
  return mismatch(place, code, printed.join("\n").split("\n"));
}
