import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";
import { blocksOf, type Page, readPages } from "./pages.js";

/** What a reader may have that is not ours: a page names these without being asked whether they are here. */
const ELSEWHERE = ["jupyter", "chromium", "code", "python"];

/** npm's own commands that the pages use. */
const NPM = ["ci", "install", "pack"];

/** The scripts that hand their options on to another program. */
const HANDED_ON = ["lab"];

/** Every command in the pages exists, with its options. */
export const commandsExist: Check = {
  name: "commands in the pages exist",
  run: async () => unknownCommands(readPages(), readCommands()),
};

/** What can be typed in this project. */
export interface Commands {
  /** The scripts of package.json. */
  readonly scripts: readonly string[];
  /** The programs that `npx` finds. */
  readonly programs: readonly string[];
  /** The commands of `rnnlab`. */
  readonly rnnlab: readonly string[];
  /** The options that scripts and `rnnlab` read, such as "size". */
  readonly options: readonly string[];
}

/**
 * Finds commands in blocks of shell that do not exist.
 *
 * @param pages - the pages
 * @param commands - what exists
 * @returns one line a problem
 */
export function unknownCommands(pages: readonly Page[], commands: Commands): string[] {
  return pages.flatMap(({ path, text }) =>
    blocksOf(text)
      .filter(({ language }) => language === "sh")
      .flatMap(({ code, line }) =>
        commandsIn(code).flatMap((command) =>
          commandProblems(command, commands).map(
            (problem) => `${path}:${line}: ${command.join(" ")}: ${problem}`,
          ),
        ),
      ),
  );
}

/** The commands of a block as words, without comments and variables that are set for them. */
function commandsIn(code: string): string[][] {
  return code
    .replace(/\\\n/g, " ")
    .replace(/'[^'\n]*'|"[^"\n]*"/g, "text")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, ""))
    .flatMap((line) => line.split(/\s(?:&&|\|)\s/))
    .map((command) =>
      command
        .trim()
        .replace(/^(\w+=\S*\s+)+/, "")
        .split(/\s+/),
    )
    .filter(([program]) => program !== "" && program !== undefined);
}

function commandProblems([program = "", ...words]: readonly string[], commands: Commands): string[] {
  if (program === "npm") return npmProblems(words, commands);
  if (program === "npx") return npxProblems(words, commands);
  const files = words.filter((word) => /^[\w.-]+\/.*\.\w+$/.test(word) && !word.startsWith("out/"));
  const missing = files.filter((file) => !existsSync(join(packageRoot, file)));
  const known = ELSEWHERE.includes(program) || existsSync(join(packageRoot, program)) || isInPath(program);
  return [...(known ? [] : [`there is no ${program}`]), ...missing.map((file) => `there is no ${file}`)];
}

function npmProblems([command = "", ...words]: readonly string[], commands: Commands): string[] {
  if (NPM.includes(command)) return [];
  const [script = "", ...rest] = command === "run" ? words : [command, ...words];
  if (!commands.scripts.includes(script)) return [`package.json has no script ${script}`];
  return HANDED_ON.includes(script) ? [] : optionProblems(rest, commands);
}

function npxProblems(words: readonly string[], commands: Commands): string[] {
  // -p NAME: another version of a program.
  if (words[0] === "-p") return [];
  const [program = "", command = "", ...rest] = words;
  if (!commands.programs.includes(program)) return [`npx finds no ${program}`];
  if (program !== "rnnlab") return [];
  if (!commands.rnnlab.includes(command)) return [`rnnlab has no command ${command}`];
  return optionProblems(rest, commands);
}

function optionProblems(words: readonly string[], { options }: Commands): string[] {
  return words
    .flatMap((word) => /^--([\w-]+)/.exec(word)?.[1] ?? [])
    .filter((option) => !options.includes(option))
    .map((option) => `nothing reads --${option}`);
}

function isInPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Reads what exists from package.json and the sources. */
function readCommands(): Commands {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const cli = readFileSync(join(packageRoot, "cli/main.ts"), "utf8");
  const sources = ["cli", "scripts", "tools"].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(packageRoot, folder, name), "utf8")),
  );
  const declared = /"?([\w-]+)"?: \{ type: "(?:string|boolean)"|"--([\w-]+)"|--([\w-]+)\(/g;
  return {
    scripts: Object.keys(scripts),
    programs: ["rnnlab", ...readdirSync(join(packageRoot, "node_modules/.bin"))],
    rnnlab: [...cli.matchAll(/case "(\w+)":/g)].map(([, name = ""]) => name),
    options: sources.flatMap((text) =>
      [...text.matchAll(declared)].map(([, ...names]) => names.find((name) => name !== undefined) ?? ""),
    ),
  };
}
