import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { display, type MimeBundle, updateDisplay } from "../display/index.js";

/** A command ended with a failure. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** Commands of npm that run the scripts of packages unless they are told not to. */
const INSTALLING =
  /^(?:add|ci|i|install|isntall|in|ins|inst|insta|instal|it|install-test|up|update|upgrade)$/;

/**
 * Runs npm, as `%npm` does. The scripts of packages are not run unless the arguments say otherwise.
 *
 * @param text - npm's command with its arguments, as in "install zod"
 * @param folder - the folder to run it in; that of the process unless given
 * @throws {CommandFailed} when npm fails
 * @example
 * ```ts
 * import { npm } from "rnnlab/magics";
 * await npm("--version");
 * ```
 */
export async function npm(text: string, folder = process.cwd()): Promise<void> {
  const words = wordsOf(text);
  const [command = ""] = words;
  const installs = INSTALLING.test(command);
  const chosen = words.some((word) => word.startsWith("--ignore-scripts") || word === "--no-ignore-scripts");
  const args = installs && !chosen ? [...words, "--ignore-scripts"] : words;
  const done = installs ? showProgress(`npm ${text}`) : () => {};
  try {
    await run("npm", ["--no-fund", "--no-update-notifier", ...args], { cwd: folder });
  } finally {
    done();
  }
  if (!installs) return;
  const names = words.slice(1).filter((word) => !word.startsWith("-"));
  if (!chosen && names.length > 0)
    console.log("Scripts of packages were not run. --ignore-scripts=false has npm run them.");
  for (const line of names.flatMap((name) => withoutTypes(name, folder))) console.log(line);
}

/**
 * Runs a script in Bash, as `%%bash` does. What it prints is shown at once.
 *
 * @param script - the script
 * @throws {CommandFailed} when it ends with another exit code than 0
 * @example
 * ```ts
 * import { bash } from "rnnlab/magics";
 * await bash("echo $((6 * 7))"); // prints 42
 * ```
 */
export async function bash(script: string): Promise<void> {
  await run("bash", [], { input: script });
}

/** Runs a command until all that it prints has been printed. */
async function run(
  command: string,
  args: readonly string[],
  { cwd = process.cwd(), input }: { readonly cwd?: string; readonly input?: string },
): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    stdio: [input === undefined ? "ignore" : "pipe", "inherit", "inherit"],
    // On Windows npm is a batch file.
    shell: process.platform === "win32",
  });
  // A script may end before it has read all of itself.
  child.stdin?.on("error", () => {}).end(input);
  const [code, signal] = await once(child, "close").catch((cause: unknown) => {
    throw new CommandFailed(`Cannot run ${command}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  });
  if (code !== 0) {
    throw new CommandFailed(
      signal === null ? `${command} ended with exit code ${code}` : `${command} was ended by ${signal}`,
    );
  }
}

/** Shows for how long a command has been running. npm itself says nothing until its end. */
function showProgress(command: string): () => void {
  const displayId = randomUUID();
  const start = performance.now();
  const text = (): string => `${command}: ${Math.round((performance.now() - start) / 1e3)} s`;
  void display(plain(text()), { displayId });
  const timer = setInterval(() => updateDisplay(displayId, plain(text())), 1000);
  return () => {
    clearInterval(timer);
    void updateDisplay(displayId, plain(text()));
  };
}

const plain = (text: string): MimeBundle => ({ "text/plain": text });

/** The words of a command line; quotes keep spaces. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
}

/**
 * What is to be said of a package that TypeScript will know nothing of.
 *
 * @param specifier - as npm was given it: "zod@4", say
 */
function withoutTypes(specifier: string, folder: string): string[] {
  const [name] = /^(?:@[\w.~-]+\/)?[\w.~-]+(?=@|$)/.exec(specifier) ?? [];
  if (name === undefined) return [];
  const own = packageFolder(name, folder);
  const types = `@types/${name.replace(/^@(.*)\//, "$1__")}`;
  if (own === undefined || packageFolder(types, folder) !== undefined || hasTypes(own)) return [];
  return [`${name} has no types of its own. If others have written them: %npm install -D ${types}`];
}

/** The folder of an installed package, as Node finds it from a folder. */
function packageFolder(name: string, folder: string): string | undefined {
  const above = dirname(folder);
  const found = join(folder, "node_modules", name);
  if (existsSync(join(found, "package.json"))) return found;
  return above === folder ? undefined : packageFolder(name, above);
}

function hasTypes(folder: string): boolean {
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const { types, typings, main = "index.js", exports } = JSON.parse(manifest) as Record<string, unknown>;
  const beside = join(folder, `${String(main).replace(/\.[cm]?js$/, "")}.d.ts`);
  const declared = types ?? typings ?? (JSON.stringify(exports ?? null).includes('"types') || undefined);
  return declared !== undefined || existsSync(beside);
}
