import { join } from "node:path";
import { installKernels } from "../kernel/install/install.js";
import { cacheDirectory } from "../src/platform/cache-directory.js";
import { packageRoot } from "../src/platform/package-root.js";
import { makeCompilerSnapshot } from "./compiler-snapshot.js";
import { prepareNativeOps } from "./native-ops.js";
import { projectRoot, venvDirectory, venvPython } from "./paths.js";
import { prepareTensorFlow } from "./tensorflow.js";
import { type Note, prepareVenv } from "./venv.js";

/** What a set-up works on; the defaults are this project and this user. */
export interface SetUpOptions {
  readonly root?: string;
  readonly cache?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Receives each line of the report. */
  readonly print?: (line: string) => void;
}

/**
 * Prepares everything the notebooks need, step by step, one line each with its seconds. Steps that are done
 * are recognised in milliseconds.
 *
 * @param options - what to work on
 * @throws {SetupError} at the first step that fails; earlier steps stay done, the failed one leaves nothing
 */
export async function setUp(options: SetUpOptions = {}): Promise<void> {
  const { root = projectRoot(), cache = cacheDirectory(), env = process.env } = options;
  const print = options.print ?? ((line: string) => console.log(line));
  const note: Note = (line) => print(`  … ${line}`);
  const steps: [string, () => Promise<string>][] = [
    ["Python", () => prepareVenv(root, join(packageRoot, "setup/requirements.txt"), note, env)],
    [
      "TensorFlow",
      () =>
        prepareTensorFlow({
          from: join(packageRoot, "package.json"),
          entry: join(packageRoot, "dist/src/tensorflow.js"),
          cache,
          python: venvPython(venvDirectory(root)),
          env,
          note,
        }),
    ],
    [
      "Native ops",
      () =>
        prepareNativeOps({
          entry: join(packageRoot, "dist/src/tensorflow.js"),
          cache,
          python: venvPython(venvDirectory(root)),
          env,
          note,
        }),
    ],
    ["Compiler", () => makeCompilerSnapshot(cache)],
    [
      "Kernels",
      async () => {
        const installed = installKernels({ prefix: venvDirectory(root) });
        return `${installed.map(({ displayName }) => displayName).join(", ")} in .venv`;
      },
    ],
  ];
  for (const [name, step] of steps) {
    const start = performance.now();
    const result = await step();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`${name.padEnd(10)}  ${result.padEnd(52)}  ${seconds.padStart(6)} s`);
  }
}
