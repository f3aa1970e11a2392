import { existsSync } from "node:fs";
import { join } from "node:path";
import { findSnapshot } from "../kernel/compiler/client/snapshot.js";
import { installKernels } from "../kernel/install/install.js";
import { cacheDirectories, cacheDirectory } from "../src/platform/cache-directory.js";
import { packageRoot } from "../src/platform/package-root.js";
import { makeCompilerSnapshot } from "./compiler-snapshot.js";
import { diskUse, packagesUse } from "./disk-use.js";
import { installLanguageServer } from "./language-server.js";
import { makeModulePack } from "./module-pack.js";
import { prepareNativeOps } from "./native-ops.js";
import { installPapermillTranslators } from "./papermill.js";
import { projectRoot, shownPath, venvDirectory, venvPython } from "./paths.js";
import { findPython, type Python } from "./python.js";
import { SetupError } from "./setup-error.js";
import { SYSTEM_CACHE, shareCache, startSharing } from "./sharing.js";
import { IncompleteError, runSteps, type Step } from "./steps.js";
import { addTensorPackages } from "./tensor-packages.js";
import { prepareTensorFlow } from "./tensorflow.js";
import { type Note, prepareVenv } from "./venv.js";

/** What a set-up works on; the defaults are this project and this user. */
export interface SetUpOptions {
  readonly root?: string;
  readonly cache?: string;
  /** Whether all users of the machine shall use it: the cache directory is then one that they share. */
  readonly forAll?: boolean;
  /** Which Python is used, by default RNNLAB_PYTHON or the first that is found. */
  readonly python?: string | undefined;
  /** What is prepared: everything; everything, but with that Python itself and its Jupyter; or the kernel alone. */
  readonly extent?: "everything" | "no-venv" | "kernel-only";
  readonly env?: NodeJS.ProcessEnv;
  /** Receives each line of the report. */
  readonly print?: (line: string) => void;
}

/**
 * Prepares everything the notebooks need, step by step, one line each with its seconds. Steps that are done
 * are recognised in milliseconds. Where one fails, the others are done all the same.
 *
 * @param options - what to work on
 * @returns the folder to which the project's package manager has moved rnnlab while it added TensorFlow's packages, where
 *   set-up must be run again; else undefined
 * @throws {IncompleteError} when a step fails; the failed one leaves nothing
 */
export async function setUp(options: SetUpOptions = {}): Promise<string | undefined> {
  const { root = projectRoot(), forAll = false, extent = "everything" } = options;
  const env = options.python === undefined ? (options.env ?? process.env) : withPython(options);
  const cache = options.cache ?? (forAll ? SYSTEM_CACHE : cacheDirectory());
  const print = options.print ?? ((line: string) => console.log(line));
  const note: Note = (line) => print(`  … ${line}`);
  const shared = cacheDirectories().slice(1);
  const compiler: Step = {
    name: "Compiler",
    run: () => makeCompilerSnapshot("compiler", cache, shared),
    without: "the first cell waits a second longer",
  };
  if (forAll) startSharing(cache, await sharedParts(root, extent, env));
  if (extent === "kernel-only") {
    const steps = [compiler, sizes([cache, ...shared])];
    await runSteps(forAll ? [...steps, sharing(cache)] : steps, print);
    return undefined;
  }
  const packages = await addTensorPackages({ env, note }).catch((error: SetupError) => error);
  if (typeof packages === "string" && packages !== packageRoot) return packages;
  const jupyter = extent === "no-venv" ? await findPython(env) : undefined;
  const python = jupyter?.path ?? venvPython(venvDirectory(root));
  const prepare = jupyter === undefined ? venvSteps(root, note, env) : jupyterSteps(jupyter);
  const parts = { cache, shared, python, env, note, forAll, packages };
  const steps = [...prepare, compiler, ...tensorSteps(parts)];
  await runSteps(forAll ? [...steps, sharing(cache, python)] : steps, print);
  return undefined;
}

/** What JupyterLab with our kernels needs. */
const ESSENTIAL = ["Python", "Kernels"];

/**
 * As `setUp()`, for those who can go on without what is missing: cells run, if there is Jupyter with the kernels.
 *
 * @param options - what to work on
 * @throws {IncompleteError} when that is missing
 */
export async function setUpEssentials(options: SetUpOptions = {}): Promise<void> {
  const print = options.print ?? ((line: string) => console.log(line));
  try {
    await setUp(options);
  } catch (error) {
    const isEnough = error instanceof IncompleteError && !ESSENTIAL.some((name) => error.missing.has(name));
    if (!isEnough) throw error;
    print(error.message);
    print(`Going on without: ${[...error.missing].join(", ")}`);
  }
}

const withPython = ({ env = process.env, python }: SetUpOptions): NodeJS.ProcessEnv => ({
  ...env,
  RNNLAB_PYTHON: python,
});

function venvSteps(root: string, note: Note, env: NodeJS.ProcessEnv): Step[] {
  return [
    {
      name: "Python",
      run: () => prepareVenv(root, join(packageRoot, "setup/requirements.txt"), note, env),
      without: "a Jupyter of your own finds the kernels after npx rnnlab install",
    },
    kernelsIn(venvDirectory(root)),
    {
      name: "Papermill",
      needs: "Python",
      run: () => installPapermillTranslators(venvPython(venvDirectory(root)), env),
      without: "papermill cannot set parameters; rnnlab run can",
    },
    {
      name: "Editor",
      needs: "Python",
      run: async () => installLanguageServer(venvDirectory(root)),
      without: "JupyterLab underlines no mistakes",
    },
  ];
}

/** The Python that is there stays as it is: it gets the kernels and nothing else. */
function jupyterSteps({ version, prefix }: Python): Step[] {
  return [
    { name: "Python", run: async () => `Python ${version} in ${prefix}`, without: "" },
    kernelsIn(prefix),
  ];
}

function kernelsIn(prefix: string): Step {
  return {
    name: "Kernels",
    needs: "Python",
    run: async () => {
      const names = installKernels({ prefix }).map(({ displayName }) => displayName);
      return `${names.join(", ")} in ${shownPath(prefix)}`;
    },
    without: "a Jupyter of your own finds them after npx rnnlab install",
  };
}

/** Where the parts that compute with tensors are, and what makes them. */
interface TensorParts {
  readonly cache: string;
  readonly shared: readonly string[];
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  readonly note: Note;
  readonly forAll: boolean;
  /** Why their packages could not be added, if it is an error. */
  readonly packages: string | Error;
}

function tensorSteps(parts: TensorParts): Step[] {
  const entry = join(packageRoot, "dist/src/tensorflow.js");
  return [
    {
      name: "TensorFlow",
      needs: "Python",
      run: async () => {
        if (parts.packages instanceof Error) throw parts.packages;
        return prepareTensorFlow({ from: join(packageRoot, "package.json"), entry, ...parts });
      },
      without: "cells run, except those that compute with tensors",
    },
    {
      name: "Native ops",
      needs: "TensorFlow",
      run: () => prepareNativeOps({ entry, ...parts }),
      without: "training is slower",
    },
    {
      name: "Types",
      needs: "TensorFlow",
      run: () => makeCompilerSnapshot("tensors", parts.cache, parts.shared),
      without: "the first cell that imports rnnlab waits a second longer",
    },
    {
      name: "Modules",
      needs: "TensorFlow",
      run: () => makeModulePack(parts.cache, parts.shared),
      without: "the first cell that imports rnnlab waits half a second longer",
    },
  ];
}

/** Says what the kernel alone takes. */
function sizes(caches: readonly string[]): Step {
  return {
    name: "On disk",
    needs: "Compiler",
    run: async () => {
      const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
      const snapshot = findSnapshot("compiler", caches);
      const parts = [
        ["of packages", packagesUse()],
        ["of snapshot", snapshot === undefined ? undefined : diskUse(snapshot)],
      ] as const;
      return parts.flatMap(([of, use]) => (use === undefined ? [] : [`${megabytes(use)} ${of}`])).join(", ");
    },
    without: "nothing is told of sizes",
  };
}

/** What all users must be able to read, so far as it is there before set-up. */
async function sharedParts(
  root: string,
  extent: SetUpOptions["extent"],
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const parts = [process.execPath, packageRoot];
  if (extent === "kernel-only") return parts;
  const made = venvPython(venvDirectory(root));
  if (extent === "everything" && existsSync(made)) return [...parts, made];
  try {
    return [...parts, (await findPython(env)).path];
  } catch (error) {
    // The step that needs a Python says that there is none.
    if (error instanceof SetupError) return parts;
    throw error;
  }
}

function sharing(cache: string, python?: string): Step {
  return {
    name: "Sharing",
    run: async () => {
      const needed = python !== undefined && existsSync(python) ? [python] : [];
      return shareCache(cache, [process.execPath, packageRoot, ...needed]);
    },
    without: "other users cannot start the kernels or load TensorFlow",
  };
}
