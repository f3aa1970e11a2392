#!/usr/bin/env node
// The `rnnlab` command. It also starts the kernel, so everything is loaded only when it is needed.
import { join, resolve } from "node:path";
import { LANGUAGES, TRAITS } from "../kernel/shared/language.js";
import { messageOf } from "../src/platform/message-of.js";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";
import { helpOf } from "./help.js";

// A kernelspec names a Node that may have been replaced by an older one since.
require("../../scripts/require-node.cjs");

const DESTINATIONS = {
  replace: { type: "boolean" },
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
  name: { type: "string" },
  env: { type: "string", multiple: true },
  "node-option": { type: "string", multiple: true },
} as const;

const SETUP = {
  system: { type: "boolean" },
  "kernel-only": { type: "boolean" },
  "no-venv": { type: "boolean" },
  python: { type: "string" },
} as const;

/** The commands that work on notebooks; each resolves to its exit code. */
const NOTEBOOK_COMMANDS = {
  check: async () => (await import("./check.js")).check,
  run: async () => (await import("./run.js")).run,
  test: async () => (await import("./test.js")).testNotebooks,
  export: async () => (await import("./export.js")).exportModule,
  sweep: async () => (await import("./sweep.js")).sweep,
  launch: async () => (await import("./launch.js")).launch,
  format: async () => (await import("./format.js")).format,
  vsix: async () => (await import("./vsix.js")).vsix,
  lsp: async () => (await import("./lsp.js")).lsp,
} as const;

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command !== "kernel") outliveReaders();
  if (asksForHelp(args)) {
    process.stdout.write(helpOf(command));
    return;
  }
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
    case "check":
    case "run":
    case "test":
    case "export":
    case "sweep":
    case "launch":
    case "lsp":
    case "vsix":
    case "format": {
      const run = await NOTEBOOK_COMMANDS[command]();
      process.exitCode = await run(rest);
      return;
    }
    case "--version":
    case "-v":
      return version(rest);
    default:
      throw new UsageError(
        command === undefined ? "a command is missing" : `unknown command ${JSON.stringify(command)}`,
      );
  }
}

/** Whoever reads what is printed may stop before its end, as `head` does: the work goes on, and nobody hears of it. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Not after the kernel's connection file, where front ends put what they like. */
function asksForHelp([command, ...rest]: readonly string[]): boolean {
  const where = command === "kernel" ? rest.slice(0, 1) : rest;
  return command === "help" || [command, ...where].some((arg) => arg === "--help" || arg === "-h");
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
  const { values } = parseArguments(args, DESTINATIONS, false);
  const ofInstall = (["replace", "env", "node-option"] as const).find(
    (option) => values[option] !== undefined,
  );
  if (command === "uninstall" && ofInstall !== undefined)
    throw new UsageError(`--${ofInstall} belongs to install`);
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
    for (const { displayName, folder } of installKernels(destination, {
      name: values.name,
      replace: values.replace,
      environment: { variables: values.env, nodeOptions: values["node-option"] },
    })) {
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
  const { cacheDirectories, cacheDirectory } = await import("../src/platform/cache-directory.js");
  const shared = cacheDirectories().slice(1);
  try {
    console.log(`The compiler has its ${await makeCompilerSnapshot("compiler", cacheDirectory(), shared)}`);
  } catch (error) {
    // The kernel works without it; only its first cell waits a second longer.
    console.error(`Made no start-up snapshot: ${(error as Error).message}`);
  }
}

async function doctor(args: readonly string[]): Promise<void> {
  const { values } = parseArguments(args, { python: { type: "string" } } as const, false);
  const { examine } = await import("../setup/doctor/index.js");
  const healthy = await examine((line) => console.log(line), values);
  if (!healthy) process.exitCode = 1;
}

async function setup(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArguments(args, SETUP);
  const [cache, ...more] = positionals;
  if (more.length > 0 || (cache !== undefined && !values.system))
    throw new UsageError(`setup takes a folder with --system only, got ${positionals.join(" ")}`);
  if (values["kernel-only"] && (values["no-venv"] || values.python !== undefined))
    throw new UsageError("--kernel-only needs no Python: leave --no-venv and --python out");
  const { labCommand, setUp } = await import("../setup/index.js");
  const moved = await setUp({
    forAll: values.system ?? false,
    python: values.python,
    extent: values["kernel-only"] ? "kernel-only" : values["no-venv"] ? "no-venv" : "everything",
    ...(cache === undefined ? {} : { cache: resolve(cache) }),
  });
  if (moved !== undefined) {
    const { spawnSync } = await import("node:child_process");
    const again = [join(moved, "scripts/rnnlab.mjs"), "setup", ...args];
    process.exitCode = spawnSync(process.execPath, again, { stdio: "inherit" }).status ?? 1;
  } else if (values["kernel-only"]) {
    console.log("Now let Jupyter and VS Code find it: npx rnnlab install");
  } else if (!values["no-venv"]) {
    console.log(`Now start JupyterLab: ${labCommand()}`);
  }
}

async function version(args: readonly string[]): Promise<void> {
  parseArguments(args, {}, false);
  const { readFileSync } = await import("node:fs");
  console.log(JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")).version);
}

const given = process.argv.slice(2);
main(given).catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`rnnlab: ${error.message}\n\n${helpOf(given[0])}`);
    process.exitCode = 2;
    return;
  }
  const message = messageOf(error);
  process.stderr.write(`rnnlab: ${message}\n`);
  process.exitCode = 1;
});
