import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";
import { runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";
import { mismatch } from "./example-output.js";
import { pageProblems } from "./page-examples.js";
import { readPages } from "./pages.js";

/** The code of one `@example`. */
export interface Example {
  /** File and line, as "src/plot/line.ts:12". */
  readonly place: string;
  readonly code: string;
}

/** What a run of one example told. */
export interface ExampleRun {
  readonly file: string;
  readonly output: readonly string[];
  readonly error?: string;
}

/** Every `@example` and every block of code in the pages compiles, runs, and prints what its comments say. */
export const examplesRun: Check = {
  name: "examples in the documentation run",
  run: async () => [
    ...(await exampleProblems(readExamples(join(packageRoot, "src")), join(packageRoot, "dist", "examples"))),
    ...(await pageProblems(readPages().filter(({ path }) => !path.startsWith(GENERATED)))),
  ],
};

/** The pages that are made of the sources' comments, whose examples have run already. */
const GENERATED = "docs/api/";

/**
 * Compiles and runs examples.
 *
 * @param examples - what to run
 * @param folder - a folder of the package for the compiled examples, which is emptied
 * @returns one entry a problem
 */
export async function exampleProblems(examples: readonly Example[], folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map(
    examples.map((example, index) => [join(folder, `example-${index + 1}.mts`), example]),
  );
  // Without an import or export TypeScript would take an example for a script that shares its names with the others.
  for (const [file, { code }] of files) writeFileSync(file, `${code}\nexport {};\n`);
  const typed = compile([...files.keys()], files);
  if (typed.length > 0 || files.size === 0) return typed;
  const scripts = [...files.keys()].map((file) => file.replace(/\.mts$/, ".mjs"));
  const output = await runCommand(process.execPath, [join(__dirname, "run-examples.js"), ...scripts], {
    // What an example writes stays among what is built.
    cwd: folder,
    timeout: 600_000,
  });
  const runs: ExampleRun[] = JSON.parse(output.trim().split("\n").at(-1) ?? "[]");
  return runs.flatMap((run) => {
    const example = files.get(run.file.replace(/\.mjs$/, ".mts"));
    if (example === undefined) return [];
    const { place, code } = example;
    return run.error === undefined ? mismatch(place, code, run.output) : [`${place}: ${run.error}`];
  });
}

/**
 * Finds the examples in the documentation comments of a folder's TypeScript files.
 *
 * @param folder - the folder
 * @returns the examples in the order of the files
 */
function readExamples(folder: string): Example[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return names
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const place = relative(packageRoot, join(folder, name)).split(sep).join("/");
      return examplesOf(place, readFileSync(join(folder, name), "utf8"));
    });
}

/**
 * Finds the examples in one file.
 *
 * @param place - the file's name, for the messages
 * @param text - its content
 * @returns its examples
 */
export function examplesOf(place: string, text: string): Example[] {
  const file = ts.createSourceFile(place, text, ts.ScriptTarget.Latest, true);
  const examples = new Map<number, Example>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== "example") continue;
      const comment = ts.getTextOfJSDocComment(tag.comment) ?? "";
      const fenced = /```(?:ts|typescript)?\n([\s\S]*?)```/.exec(comment);
      const line = file.getLineAndCharacterOfPosition(tag.getStart()).line + 1;
      // A variable's comment is found again at its declarations.
      examples.set(tag.pos, { place: `${place}:${line}`, code: fenced?.[1] ?? comment });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...examples.values()];
}

function compile(names: readonly string[], files: ReadonlyMap<string, Example>): string[] {
  const path = join(packageRoot, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    packageRoot,
  );
  const { outDir: _outDir, tsBuildInfoFile: _tsBuildInfoFile, ...strict } = options;
  const program = ts.createProgram(names, {
    ...strict,
    incremental: false,
    declaration: false,
    sourceMap: false,
    noUnusedLocals: false,
  });
  program.emit();
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const place = files.get(diagnostic.file?.fileName ?? "")?.place ?? diagnostic.file?.fileName ?? "";
    return `${place}: TS${diagnostic.code}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
  });
}
