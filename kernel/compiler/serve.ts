import { parse } from "node:path";
import { setFlagsFromString } from "node:v8";
import { endProcessGroup } from "../../src/platform/end-process.js";
import type {
  CompilerCalls,
  CompilerNotice,
  CompilerRequest,
  CompilerResponse,
  SessionCompanion,
} from "../shared/compiler-messages.js";
import { encodeFrame, FrameDecoder } from "../shared/framing.js";
import { collectWhenIdle, LARGE } from "../shared/idle-collection.js";
import type { Language } from "../shared/language.js";
import type { CellAnalysis } from "./cell-analysis.js";
import { CellCompiler } from "./cell-compiler.js";
import { serveNotebooks } from "./editor/serve-notebooks.js";
import { cellLanguage } from "./languages/cell-languages.js";
import { createDocuments } from "./library/documents.js";
import { isInPackages } from "./library/kernel-packages.js";
import { type Library, withLibrary } from "./library/library.js";
import { dropIdleTables } from "./library/symbol-tables.js";

/** By how much the heap may grow over what is in use before the next collection, in percent. */
const HEAP_GROWTH = 30;

const PRACTICE_ROUNDS = 30;
/** How long nobody has asked before the compiler practises, in ms. */
const PRACTICE_INTERVAL = 50;

const NOTICES = ["restore", "reset", "turnTo"] as const satisfies readonly CompilerNotice[];
const unanswered: ReadonlySet<keyof CompilerCalls> = new Set(NOTICES);

const documents = createDocuments();

/** What has checked cells already, for the first notebook that it fits. */
let practised: CellAnalysis | undefined;

/** What the process does: it compiles the cells of a kernel in a language, or answers for the notebooks of an editor. */
export type Task = Language | "notebooks";

/** Begins with what the process was started for. */
export function begin(folder: string, task: Task): void {
  if (task === "notebooks") serveNotebooks(documents, practised);
  else serve(folder, task);
}

/**
 * Parses the types that every cell needs, and those that some cells do, and checks those cells.
 *
 * @param whole - the library of a Node.js that is whole
 * @throws {Error} when something is wrong with one of the cells
 */
export function warmUp(cells: readonly string[], whole: Library): void {
  withLibrary(whole, () => {
    const compiler = new CellCompiler(parse(__filename).root, "typescript", documents);
    // A program that is made anew knows nothing of what was checked before.
    compiler.foresee(cells);
    for (const cell of [...cells, ...cellLanguage("typescript").practice]) {
      const problem = compiler.practise(cell);
      if (problem !== undefined) throw new Error(`Cannot practise with "${cell}": ${problem}`);
    }
    practised = compiler.analysis;
    const files = compiler.analysis.service.getProgram()?.getSourceFiles() ?? [];
    dropIdleTables(files.filter(({ fileName }) => isInPackages(fileName)));
  });
}

/**
 * Answers the requests that come on standard input, on standard output, until the input ends.
 *
 * @param folder - the notebook's folder, an absolute path
 * @param language - the language of the cells
 */
function serve(folder: string, language: Language): void {
  // Every cell leaves a program behind as garbage: collected early, the heap keeps its size.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const compiler = new CellCompiler(folder, language, documents, practised);
  const decoder = new FrameDecoder();
  const stir = collectWhenIdle(LARGE);
  let session: number | undefined;
  let isAsked = false;
  let hasAnswered = false;
  process.stdin.on("data", (chunk: Buffer) => {
    for (const message of decoder.push(chunk) as Generator<CompilerRequest | SessionCompanion>) {
      if ("companion" in message) session = message.companion;
      else {
        isAsked = true;
        const response = answer(compiler, message);
        // The first answer, whatever to, says that this process has got going.
        if (hasAnswered && unanswered.has(message.method)) continue;
        hasAnswered = true;
        process.stdout.write(encodeFrame(response));
        // The cell runs meanwhile.
        if (message.method === "compile") prepareCommit(compiler);
      }
    }
    practice.refresh();
    stir();
  });
  process.stdin.on("end", () => {
    // It ends itself, unless somebody has stopped it.
    if (session !== undefined) endProcessGroup(session);
    process.exit();
  });
  // A front end's Ctrl-C is meant for the cell.
  process.on("SIGINT", () => {});
  const cells = cellLanguage(language).practice;
  // Before the first cell comes, unless it has come.
  setImmediate(() => {
    if (!isAsked) compiler.practise(cells[0] ?? "");
  });
  // And until V8 has optimised what every cell needs, whenever nobody has asked for a while.
  let round = 0;
  const practice = setTimeout(() => {
    if (round === 0) compiler.analysis.host.notePackages();
    compiler.practise(cells[round % cells.length] ?? "");
    round += 1;
    if (round < PRACTICE_ROUNDS) practice.refresh();
  }, PRACTICE_INTERVAL);
}

function prepareCommit(compiler: CellCompiler): void {
  try {
    compiler.prepareCommit();
  } catch {
    // Whoever commits the cell meets it again, and hears of it.
    compiler.startOver();
  }
}

function answer(compiler: CellCompiler, { id, method, args }: CompilerRequest): CompilerResponse {
  try {
    return { id, value: Reflect.apply(compiler[method], compiler, args) };
  } catch (error) {
    compiler.startOver();
    return { id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
