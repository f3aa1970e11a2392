import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { kernelSpec } from "../../kernel/install/kernel-spec.js";
import { UsageError } from "../../src/platform/usage-error.js";
import { python } from "../kernel-client/index.js";

/** The kernel that the campaign drives. */
export interface KernelChoice {
  readonly name: string;
  /** The command of its kernelspec, with `{connection_file}` in it. */
  readonly command: readonly string[];
  readonly language: "javascript" | "python";
  readonly interruptMode: "signal" | "message";
  /** Whether it is this checkout's: then rnnlab's own modules and processes are tried, too. */
  readonly own: boolean;
}

/** The fields of a kernel.json that matter here. */
interface Specification {
  readonly argv?: unknown;
  readonly language?: unknown;
  readonly interrupt_mode?: unknown;
  readonly display_name?: unknown;
}

/**
 * Finds a kernel.
 *
 * @param given - the name of an installed kernelspec or the path of a kernel.json; without it this checkout's kernel
 * @throws {UsageError} when there is none, or if there are no cells for its language
 */
export function chooseKernel(given?: string): KernelChoice {
  if (given === undefined) {
    const { argv, display_name: name } = kernelSpec();
    return { name, command: argv, language: "javascript", interruptMode: "message", own: true };
  }
  const path = given.endsWith(".json") ? given : installedSpec(given);
  const spec = JSON.parse(readFileSync(path, "utf8")) as Specification;
  const language = String(spec.language).toLowerCase();
  if (!["javascript", "typescript", "python"].includes(language)) {
    throw new UsageError(
      `Cannot drive ${given}: its language must be JavaScript, TypeScript or Python, got ${language}`,
    );
  }
  if (!Array.isArray(spec.argv)) throw new UsageError(`Cannot drive ${given}: ${path} has no list argv`);
  const [program, ...args] = spec.argv.map((word) =>
    String(word).replaceAll("{resource_dir}", dirname(path)),
  );
  return {
    name: String(spec.display_name ?? given),
    // As Jupyter does: a specification that says "python" means the Python that Jupyter runs in.
    command: [program === "python" ? python() : String(program), ...args],
    language: language === "python" ? "python" : "javascript",
    interruptMode: spec.interrupt_mode === "message" ? "message" : "signal",
    own: false,
  };
}

/** The kernel.json of an installed kernelspec: of the project's Python, the user or the system, in this order. */
function installedSpec(name: string): string {
  const prefixes = [dirname(dirname(python())), join(homedir(), ".local"), "/usr/local", "/usr"];
  const candidates = [
    ...(process.env.JUPYTER_PATH ?? "").split(":").filter((path) => path !== ""),
    ...prefixes.map((prefix) => join(prefix, "share/jupyter")),
  ].map((folder) => join(folder, "kernels", name, "kernel.json"));
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new UsageError(
      `Cannot find the kernel ${name}: there must be a kernel.json at one of ${candidates.join(", ")}`,
    );
  }
  return found;
}
