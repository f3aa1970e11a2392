import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { projectRoot, venvDirectory, venvPython } from "../../setup/paths.js";
import { runCommand } from "../../setup/run-command.js";
import { writePage } from "../page/write-page.js";

/** Makes pages of notebooks, as those of the lectures are. */
export class HtmlWriter {
  readonly #python: string;

  private constructor(python: string) {
    this.#python = python;
  }

  /**
   * Finds nbconvert, before anything runs.
   *
   * @throws {Error} when it is not there
   */
  static async find(): Promise<HtmlWriter> {
    const own = venvPython(venvDirectory(projectRoot()));
    const python = process.env.RNNLAB_PYTHON || (existsSync(own) ? own : "python3");
    try {
      await runCommand(python, ["-c", "import nbconvert"], { timeout: 60_000 });
    } catch (cause) {
      throw new Error(
        `Cannot write HTML: ${python} must have nbconvert; npx rnnlab setup, or ${python} -m pip install nbconvert`,
        { cause },
      );
    }
    return new HtmlWriter(python);
  }

  /**
   * Writes a notebook as HTML beside it.
   *
   * @param notebook - its path
   * @returns the path of the HTML
   */
  async write(notebook: string): Promise<string> {
    const page = join(dirname(notebook), `${basename(notebook, extname(notebook))}.html`);
    await writePage(this.#python, notebook, page);
    return page;
  }
}
