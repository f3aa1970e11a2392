import { join, resolve } from "node:path";
import { type Language, TRAITS } from "../language.js";

/** The content of a `kernel.json`. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The folder name of the TypeScript kernelspec, which other programs rely on. */
export const DEFAULT_NAME = "rnnlab";

/** The command line's own file, as the kernelspec starts it. */
export const CLI = resolve(__dirname, "../../cli/main.js");

/** The folder with the logos. */
export const RESOURCES = resolve(__dirname, "../../../kernel/resources");

/**
 * Describes how to start the kernel. VS Code drops a specification whose display name and executable another
 * one has, so a kernel with another name also gets another display name.
 *
 * @param name - the name that the kernelspecs of all languages begin with
 * @param language - the language of the cells
 * @returns the content of its kernel.json, with this Node and this copy of rnnlab
 */
export function kernelSpec(name: string = DEFAULT_NAME, language: Language = "typescript"): KernelSpec {
  const { title, options } = TRAITS[language];
  return {
    // The protocol process makes much short-lived garbage: a small nursery keeps it at the size it has when idle.
    argv: [process.execPath, "--max-semi-space-size=2", CLI, "kernel", ...options, "{connection_file}"],
    display_name: `${title} (${name})`,
    language,
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/** The files of a kernelspec besides kernel.json. */
export const logosOf = (language: Language): string[] =>
  ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"].map((name) =>
    join(RESOURCES, TRAITS[language].logos, name),
  );
