import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";

const peersScript = join(packageRoot, "tools/bench/training/peers.py");

/** One of those who train the same model. */
export interface Variant {
  readonly name: string;
  /** The command that starts its process; the samples' path follows. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const worker = (...options: string[]) => [process.execPath, join(__dirname, "worker.js"), ...options];

/** tfjs-node as it is, and rnnlab on TensorFlow's own ops and on the fused ones. */
export const ours = {
  stock: { name: "tfjs-node", command: worker("stock") },
  fallback: {
    name: "rnnlab on TensorFlow's ops",
    command: worker("rnnlab"),
    environment: { RNNLAB_OPS: "tensorflow" },
  },
  fused: { name: "rnnlab", command: worker("rnnlab") },
  /** What stock tfjs-node computes: its GRU has one bias and resets before the product; its Adam has another epsilon. */
  fusedAsStock: {
    name: "rnnlab, as tfjs computes",
    command: worker("rnnlab", "asStock"),
  },
} as const satisfies Record<string, Variant>;

/**
 * The frameworks of some Pythons: Keras, Torch and JAX, each from the first that has it.
 *
 * @param pythons - paths, separated by commas
 * @throws {Error} when one of them does not run
 */
export function peers(pythons: string): Variant[] {
  const found = new Map<string, Variant>();
  for (const python of pythons.split(",")) {
    for (const name of frameworksOf(python))
      if (!found.has(name)) found.set(name, { name, command: [python, peersScript, name] });
  }
  return [...found.values()];
}

function frameworksOf(python: string): string[] {
  try {
    return JSON.parse(execFileSync(python, [peersScript, "list"], { encoding: "utf8" })) as string[];
  } catch (cause) {
    throw new Error(`Cannot measure peers: ${python} must be a Python 3`, { cause });
  }
}
