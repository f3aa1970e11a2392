import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kernelSpec } from "../kernel/install/index.js";
import { LANGUAGES, TRAITS } from "../kernel/shared/language.js";

/**
 * Tells a Jupyter of rnnlab's language server: JupyterLab asks it about notebooks in the languages of our kernels.
 *
 * @param prefix - of the environment that has jupyterlab-lsp
 * @returns one line about the result
 */
export function installLanguageServer(prefix: string): string {
  const { argv } = kernelSpec();
  const server = {
    version: 2,
    display_name: "rnnlab",
    argv: [...argv.slice(0, argv.indexOf("kernel")), "lsp", "--stdio"],
    languages: LANGUAGES,
    mime_types: LANGUAGES.map((language) => TRAITS[language].mimetype),
    requires_documents_on_disk: false,
  };
  const config = { LanguageServerManager: { language_servers: { rnnlab: server } } };
  const folder = join(prefix, "etc/jupyter/jupyter_server_config.d");
  const file = join(folder, "rnnlab.json");
  const json = `${JSON.stringify(config, null, 2)}\n`;
  if (!existsSync(file) || readFileSync(file, "utf8") !== json) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, json);
  }
  return "mistakes, hover and jump in JupyterLab";
}
