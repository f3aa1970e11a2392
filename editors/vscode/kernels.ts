import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startsRnnlab } from "../../kernel/install/kernel-spec.js";
import { searchPath } from "../../kernel/install/locations.js";

/** A kernelspec that starts rnnlab. */
export interface Kernel {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** How rnnlab's command is started, without what it is to do. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The kernelspecs of rnnlab that Jupyter finds, in its order.
 *
 * @param folders - of the workspace, which may have environments of Python
 */
export function findKernels(folders: readonly string[]): Kernel[] {
  const prefixes = folders.flatMap((folder) => [join(folder, ".venv"), join(folder, "venv")]);
  return searchPath(process.env, prefixes).flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).flatMap((name) => kernelIn(folder, name)) : [],
  );
}

function kernelIn(folder: string, name: string): Kernel[] {
  let spec: unknown;
  try {
    spec = JSON.parse(readFileSync(join(folder, name, "kernel.json"), "utf8"));
  } catch {
    // A folder without a kernelspec, or with one that Jupyter does not take either.
    return [];
  }
  if (!startsRnnlab(spec)) return [];
  const { argv, display_name, language, env } = spec as {
    readonly argv: readonly string[];
    readonly display_name: string;
    readonly language: string;
    readonly env?: Readonly<Record<string, string>>;
  };
  const [program, ...args] = argv.slice(0, argv.indexOf("kernel"));
  return program === undefined
    ? []
    : [{ name, displayName: display_name, language, command: [program, ...args], env: env ?? {} }];
}
