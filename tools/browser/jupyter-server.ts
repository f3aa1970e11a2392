import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { type Language, TRAITS } from "../../kernel/shared/language.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { NotebookPage } from "./notebook-page.js";

/** The applications that one server serves, and where each of them opens a notebook. */
const addresses = { JupyterLab: "lab/tree/", "Notebook 7": "notebooks/" } as const;
export type FrontEnd = keyof typeof addresses;
export const frontEnds = Object.keys(addresses) as readonly FrontEnd[];

/** How a server is started. */
export interface ServerOptions {
  /** Variables added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether pages ask the language server. It starts anew for each page, and reads the whole notebook. */
  readonly languageServer?: boolean;
}

/** A Jupyter server, started as `npm run lab` starts it, on a folder of its own. */
export class JupyterServer {
  private constructor(
    /** Where its notebooks are. */
    readonly folder: string,
    private readonly server: ChildProcess,
    private readonly base: string,
    private readonly token: string,
  ) {}

  static async start({ env = {}, languageServer = true }: ServerOptions = {}): Promise<JupyterServer> {
    const folder = mkdtempSync(join(tmpdir(), "rnnlab-server-"));
    const token = randomUUID();
    const args = [
      resolve(packageRoot, "dist/scripts/lab.js"),
      // A port that nobody else is given: of those in a row, two servers that start at once may take the same.
      ...["--no-browser", "--LabApp.news_url=", "--ServerApp.port=0"],
      ...["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"],
      `--ServerApp.root_dir=${folder}`,
      `--IdentityProvider.token=${token}`,
    ];
    // The theme and the open tabs are the person's own: a test has others.
    const own = {
      JUPYTERLAB_SETTINGS_DIR: join(folder, ".settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, ".workspaces"),
      ...(languageServer ? {} : { JUPYTER_CONFIG_PATH: withoutLanguageServer(join(folder, ".config")) }),
    };
    const server = spawn(process.execPath, args, {
      env: { ...process.env, RNNLAB_SIZE: "quick", ...own, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new JupyterServer(folder, server, await addressOf(server), token);
  }

  /** Writes a notebook with these code cells. */
  write(name: string, sources: readonly string[], language: Language = "typescript"): void {
    const cells = sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    }));
    const { title, suffix } = TRAITS[language];
    const metadata = {
      kernelspec: { name: `rnnlab${suffix}`, display_name: `${title} (rnnlab)`, language },
      language_info: { name: language },
    };
    const notebook = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(this.folder, name), JSON.stringify(notebook));
  }

  /** Opens JupyterLab's launcher. */
  async openLauncher(page: Page): Promise<void> {
    await page.goto(`${this.base}lab?token=${this.token}&reset`);
    await page.waitForSelector(".jp-Launcher");
  }

  /** Opens a notebook and waits until its kernel is connected, and idle or still busy with what it does. */
  async open(
    page: Page,
    name: string,
    frontEnd: FrontEnd = "JupyterLab",
    status: "idle" | "busy" = "idle",
  ): Promise<NotebookPage> {
    await page.goto(`${this.base}${addresses[frontEnd]}${name}?token=${this.token}&reset`);
    const notebook = new NotebookPage(page, join(this.folder, name));
    await notebook.ready(status);
    return notebook;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.server.once("close", done));
    this.server.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Makes a folder of settings by which Jupyter starts no language server of ours. */
function withoutLanguageServer(folder: string): string {
  const settings = join(folder, "jupyter_server_config.d");
  mkdirSync(settings, { recursive: true });
  const config = { LanguageServerManager: { language_servers: { rnnlab: { argv: [] } } } };
  writeFileSync(join(settings, "rnnlab.json"), JSON.stringify(config));
  return folder;
}

/** Reads the server's log until it says where it listens. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    let log = "";
    const read = (chunk: Buffer): void => {
      log += chunk.toString("utf8");
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(log)?.[0];
      if (address !== undefined) found(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("close", (code) =>
      fail(new Error(`JupyterLab ended with ${code} before it listened:\n${log}`)),
    );
  });
}
