import { after, before } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, newPage } from "./chromium.js";
import { JupyterServer, type ServerOptions } from "./jupyter-server.js";

/** A Jupyter server, and a page of Chromium's. */
export interface Jupyter {
  browser: Browser;
  server: JupyterServer;
  page: Page;
}

/**
 * One Jupyter server and one page for all tests of a file.
 *
 * @param width - of the page, in CSS pixels
 * @param height - of the page, in CSS pixels
 * @param options - how the server is started
 * @returns what is there as soon as tests run
 */
export function useJupyter(width: number, height: number, options: ServerOptions = {}): Jupyter {
  const jupyter: Partial<Jupyter> = {};
  before(async () => {
    jupyter.browser = await launchChromium();
    jupyter.server = await JupyterServer.start(options);
    jupyter.page = await newPage(jupyter.browser, width, height);
  });
  after(async () => {
    await jupyter.browser?.close();
    await jupyter.server?.stop();
  });
  return jupyter as Jupyter;
}
