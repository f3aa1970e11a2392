#!/usr/bin/env node
// The `rnnlab` command. It also starts the kernel, so everything is loaded only when it is needed.
import { parseArgs } from "node:util";
import { LANGUAGES, TRAITS } from "../kernel/language.js";

const HELP = `Usage: rnnlab <command>

  setup                      prepare Python, TensorFlow and the kernel for this project
  install [--user | --sys-prefix | --prefix DIR] [--name NAME]
                             let Jupyter and VS Code find the kernels of TypeScript and
                             JavaScript (default: --user)
  uninstall [--user | --sys-prefix | --prefix DIR] [--name NAME]
                             take them away again
  doctor                     show every part with its version and what repairs it
  kernel CONNECTION_FILE     run the kernel of TypeScript (Jupyter does this)
  kernel --javascript CONNECTION_FILE
                             run the kernel of JavaScript

  --help, --version
`;

const DESTINATIONS = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
  name: { type: "string" },
} as const;

/** What the caller did wrong, as opposed to what went wrong. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case "kernel":
      return startKernel(rest);
    case "install":
    case "uninstall":
      return changeKernelSpec(command, rest);
    case "doctor":
      return doctor(rest);
    case "setup":
      return setup(rest);
    case "--version":
      return version(rest);
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(HELP);
      return;
    default:
      throw new UsageError(
        command === undefined ? "a command is missing" : `unknown command ${JSON.stringify(command)}`,
      );
  }
}

async function startKernel(args: readonly string[]): Promise<void> {
  const language = LANGUAGES.find((each) => TRAITS[each].options[0] === args[0]) ?? "typescript";
  // Front ends put arguments of their own after it, as `jupyter run` does with the names of its scripts.
  const [connectionFile] = args.slice(TRAITS[language].options.length);
  if (connectionFile === undefined) throw new UsageError("kernel takes a connection file");
  const { runKernel } = await import("../kernel/main.js");
  await runKernel(connectionFile, language);
}

async function changeKernelSpec(command: "install" | "uninstall", args: readonly string[]): Promise<void> {
  const { values } = parse(args, DESTINATIONS);
  const chosen = [values.user, values["sys-prefix"], values.prefix].filter((value) => value !== undefined);
  if (chosen.length > 1) throw new UsageError("choose one of --user, --sys-prefix and --prefix");
  const { installKernels, uninstallKernels } = await import("../kernel/install/index.js");
  const destination =
    values.prefix !== undefined
      ? { prefix: values.prefix }
      : values["sys-prefix"]
        ? ({ sysPrefix: true } as const)
        : ({ user: true } as const);
  if (command === "install") {
    for (const { displayName, folder } of installKernels(destination, values.name)) {
      console.log(`Installed ${displayName} in ${folder}`);
    }
    return prepareCompiler();
  }
  const folders = uninstallKernels(destination, values.name);
  if (folders.length === 0) throw new Error("Cannot uninstall the kernel: it is not installed there");
  for (const folder of folders) console.log(`Removed ${folder}`);
}

async function prepareCompiler(): Promise<void> {
  const { makeCompilerSnapshot } = await import("../setup/compiler-snapshot.js");
  const { cacheDirectory } = await import("../src/platform/cache-directory.js");
  try {
    console.log(`Made the compiler's ${await makeCompilerSnapshot(cacheDirectory())}`);
  } catch (error) {
    // The kernel works without it; only its first cell waits a second longer.
    console.error(`Made no start-up snapshot: ${(error as Error).message}`);
  }
}

async function doctor(args: readonly string[]): Promise<void> {
  parse(args, {});
  const { examine } = await import("../setup/doctor/index.js");
  const healthy = await examine((line) => console.log(line));
  if (!healthy) process.exitCode = 1;
}

async function setup(args: readonly string[]): Promise<void> {
  parse(args, {});
  const { setUp } = await import("../setup/index.js");
  await setUp();
}

async function version(args: readonly string[]): Promise<void> {
  parse(args, {});
  const { readFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  console.log(JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")).version);
}

function parse<T extends NonNullable<Parameters<typeof parseArgs>[0]>["options"]>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`rnnlab: ${error.message}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`rnnlab: ${message}\n`);
  process.exitCode = 1;
});
