import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runCommand } from "../../setup/run-command.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { endProcessGroup } from "../../src/platform/end-process.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { writeNativeTypeScript } from "./native-typescript.js";

const VERSION = "4.139.1";
/** The Node that it asks for. */
const NODE = "24";
/** How long npm may take, in ms: it compiles. */
const INSTALLATION = 3_600_000;

/** A VS Code in the browser. */
export interface CodeServer {
  /** Where it shows a folder. */
  urlOf(folder: string): string;
  /** Ends it with all that it has started, which would go on for a while, and resolves when it has ended. */
  stop(): Promise<void>;
}

const SETTINGS = {
  // Text in the page instead of a picture.
  "terminal.integrated.gpuAcceleration": "off",
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
};

/**
 * Starts code-server with our extension, and with native TypeScript for those who ask for it.
 *
 * @param folder - that keeps its data
 */
export async function startCodeServer(folder: string): Promise<CodeServer> {
  const { node, entry, env } = await installed();
  const data = join(folder, "data");
  mkdirSync(join(data, "User"), { recursive: true });
  writeFileSync(join(data, "User/settings.json"), JSON.stringify(SETTINGS));
  writeFileSync(join(data, "config.yaml"), "auth: none\n");
  const vsix = join(data, "rnnlab.vsix");
  const options = { env: process.env, timeout: INSTALLATION };
  await runCommand(
    process.execPath,
    [join(packageRoot, "dist/cli/main.js"), "vsix", "--output", vsix],
    options,
  );
  const places = [
    "--config",
    join(data, "config.yaml"),
    "--user-data-dir",
    data,
    "--extensions-dir",
    join(data, "extensions"),
  ];
  const native = join(data, "native-typescript.vsix");
  await writeNativeTypeScript(native);
  const extensions = [vsix, native].flatMap((each) => ["--install-extension", each]);
  await runCommand(node, [entry, ...places, ...extensions], { ...options, env });
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const child = spawn(node, [entry, ...places, ...quiet, "--bind-addr", "127.0.0.1:0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: process.platform !== "win32",
  });
  const ended = once(child, "exit");
  const end = (): void => {
    if (child.pid !== undefined) endProcessGroup(child.pid);
  };
  // The terminal's Ctrl-C does not reach a group of its own.
  process.once("exit", end);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.off("exit", end);
  };
  const address = await addressOf(child);
  return { urlOf: (shown) => `${address}/?folder=${encodeURIComponent(shown)}`, stop };
}

/** What it is started with, after it was installed to the cache. */
async function installed() {
  const folder = join(cacheDirectory(), `code-server-${VERSION}`);
  const programs = join(folder, "node_modules/node/bin");
  const entry = join(folder, "node_modules/code-server/out/node/entry.js");
  const env = {
    ...process.env,
    PATH: `${programs}:${process.env.PATH ?? ""}`,
    // `npm run` names its own Node.js there, which code-server's installation believes.
    npm_config_user_agent: undefined,
    // Only the kernels of the folder that is opened are found.
    JUPYTER_PATH: "",
    JUPYTER_DATA_DIR: join(folder, "jupyter"),
    VIRTUAL_ENV: "",
    CONDA_PREFIX: "",
  };
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    console.log(`  … installing code-server ${VERSION}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const options = { cwd: folder, env, timeout: INSTALLATION };
    // This project's own .npmrc, which `npm run` hands on, says no to install scripts.
    const install = ["install", "--ignore-scripts=false"];
    await runCommand("npm", [...install, `node@${NODE}`], options);
    // npm runs install scripts with the Node that runs npm.
    const npm = (await runCommand("npm", ["root", "--global"], options)).trim();
    const program = join(npm, "npm/bin/npm-cli.js");
    await runCommand(join(programs, "node"), [program, ...install, `code-server@${VERSION}`], options);
    writeFileSync(complete, "");
  }
  return { node: join(programs, "node"), entry, env };
}

/** Where it listens, as it says itself. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error("Cannot read what code-server says");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, address] = /HTTP server listening on (http:\S+)/.exec(line) ?? [];
      if (address !== undefined) resolve(address.replace(/\/$/, ""));
    });
    child.on("exit", (code) => reject(new Error(`Cannot start code-server: it has exited with ${code}`)));
  });
}
