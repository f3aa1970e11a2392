import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { type Language, TRAITS } from "../shared/language.js";

/** The content of a `kernel.json`. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Variables that the kernel is started with. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The folder name of the TypeScript kernelspec, which other programs rely on. */
export const DEFAULT_NAME = "rnnlab";

/** The command line's own file, as the kernelspec starts it. */
const CLI = join(packageRoot, "dist/cli/main.js");

/** The folder with the logos. */
const RESOURCES = join(packageRoot, "kernel/resources");

/**
 * Describes how to start the kernel. VS Code drops a specification whose display name and executable another
 * one has, so a kernel with another name also gets another display name.
 *
 * @param name - the name that the kernelspecs of all languages begin with
 * @param language - the language of the cells
 * @param env - variables that it is started with
 * @returns the content of its kernel.json, with this Node and this copy of rnnlab
 */
export function kernelSpec(
  name: string = DEFAULT_NAME,
  language: Language = "typescript",
  env: Readonly<Record<string, string>> = {},
): KernelSpec {
  const { title, options } = TRAITS[language];
  return {
    // The protocol process makes much short-lived garbage: a small nursery keeps it at the size it has when idle.
    argv: [process.execPath, "--max-semi-space-size=2", CLI, "kernel", ...options, "{connection_file}"],
    display_name: `${title} (${name})`,
    language,
    interrupt_mode: "message",
    metadata: { debugger: true },
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

/**
 * Whether a kernelspec starts rnnlab, this copy or another one.
 *
 * @param spec - the content of a kernel.json, whoever wrote it
 * @returns true if its command is rnnlab's `kernel`
 */
export function startsRnnlab(spec: unknown): boolean {
  const { argv } = (spec ?? {}) as { argv?: unknown };
  if (!Array.isArray(argv)) return false;
  const command = argv[argv.indexOf("kernel") - 1];
  return (
    typeof command === "string" && /(^|[\\/])(dist[\\/]cli[\\/]main\.js|rnnlab(\.mjs|\.cmd)?)$/.test(command)
  );
}

/** The files of a kernelspec besides kernel.json. */
export const logosOf = (language: Language): string[] =>
  ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"].map((name) =>
    join(RESOURCES, TRAITS[language].logos, name),
  );
