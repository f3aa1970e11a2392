import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Page } from "playwright-core";

const projectRoot = resolve(__dirname, "../../..");

/** A JupyterLab server, started as `npm run lab` starts it, on a folder of notebooks. */
export class JupyterLab {
  private constructor(
    private readonly server: ChildProcess,
    private readonly base: string,
    private readonly token: string,
  ) {}

  static async start(folder: string, env: NodeJS.ProcessEnv = {}): Promise<JupyterLab> {
    const token = randomUUID();
    const args = [
      resolve(projectRoot, "dist/scripts/lab.js"),
      ...["--no-browser", "--expose-app-in-browser", "--LabApp.news_url=", "--ServerApp.port_retries=200"],
      `--ServerApp.root_dir=${folder}`,
      `--IdentityProvider.token=${token}`,
    ];
    const server = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new JupyterLab(server, await addressOf(server), token);
  }

  /** Opens a notebook and waits until its kernel is connected and idle. */
  async open(page: Page, notebook: string): Promise<void> {
    await page.goto(`${this.base}lab/tree/${notebook}?token=${this.token}&reset`);
    await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: 60_000 });
    await page.waitForFunction(
      "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
      undefined,
      { timeout: 60_000 },
    );
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.server.once("close", done));
    this.server.kill("SIGTERM");
    await ended;
  }
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

/** Runs a command of JupyterLab's own, by its id, and waits until it has done its work. */
export async function runCommand(page: Page, id: string): Promise<void> {
  await page.evaluate(`window.jupyterapp.commands.execute(${JSON.stringify(id)}).then(() => undefined)`);
}
