import {
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readMarker } from "./marker.js";

/** The installed package @tensorflow/tfjs-node and what its native part is called. */
export interface Tfjs {
  /** The package's folder. */
  readonly folder: string;
  /** Its version. */
  readonly version: string;
  /** The folder name of its binding for this Node, as "napi-v8". */
  readonly label: string;
  /** Version, Node-API level, platform and processor: what a built binding depends on. */
  readonly key: string;
}

/** The two folders that make the native part: TensorFlow's library and headers, and the binding. */
export interface NativeParts {
  /** Holds `lib/` and `include/`. */
  readonly deps: string;
  /** Holds `tfjs_binding.node`. */
  readonly binding: string;
}

/**
 * Finds tfjs-node as a package resolves it.
 *
 * @param from a file of the package that depends on it
 * @returns where it is and which binding it loads in this Node
 * @throws {Error} when it is not installed
 */
export function findTfjs(from: string): Tfjs {
  const manifest = createRequire(from).resolve("@tensorflow/tfjs-node/package.json");
  const { version, binary } = JSON.parse(readFileSync(manifest, "utf8"));
  const supported = (binary.napi_versions as number[]).filter((n) => n <= Number(process.versions.napi));
  const label = `napi-v${Math.max(...supported)}`;
  const folder = dirname(manifest);
  return { folder, version, label, key: `${version}-${label}-${process.platform}-${process.arch}` };
}

/**
 * Puts the native part into the package, each file in one step. The library is linked, not copied (Windows:
 * copied).
 *
 * @param tfjs the package
 * @param parts where the parts are
 */
export function place(tfjs: Tfjs, parts: NativeParts): void {
  const deps = join(tfjs.folder, "deps");
  const draft = `${deps}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  if (process.platform === "win32") cpSync(parts.deps, draft, { recursive: true, dereference: true });
  else symlinkSync(parts.deps, draft, "dir");
  // A link can be replaced in one step, a folder cannot.
  if (lstatSync(deps, { throwIfNoEntry: false })?.isDirectory()) rmSync(deps, { recursive: true });
  renameSync(draft, deps);

  const binding = bindingPath(tfjs);
  mkdirSync(dirname(binding), { recursive: true });
  copyFileSync(join(parts.binding, "tfjs_binding.node"), `${binding}.${process.pid}`);
  renameSync(`${binding}.${process.pid}`, binding);
  // Windows looks for the library beside the binding.
  if (process.platform === "win32")
    copyFileSync(join(deps, "lib", "tensorflow.dll"), join(dirname(binding), "tensorflow.dll"));
}

/**
 * Takes the native part out again.
 *
 * @param tfjs the package
 */
export function displace(tfjs: Tfjs): void {
  rmSync(join(tfjs.folder, "deps"), { recursive: true, force: true });
  rmSync(join(tfjs.folder, "lib"), { recursive: true, force: true });
}

/**
 * The file of the binding for this Node.
 *
 * @param tfjs the package
 * @returns its path, where there need not be a file
 */
export function bindingPath(tfjs: Tfjs): string {
  return join(tfjs.folder, "lib", tfjs.label, "tfjs_binding.node");
}

/**
 * Remembers that exactly these files have been seen to compute in this Node.
 *
 * @param tfjs the package
 * @param description a line for people
 */
export function markProven(tfjs: Tfjs, description: string): void {
  writeFileSync(markerPath(tfjs), `${JSON.stringify({ ...fingerprint(tfjs), description })}\n`);
}

/**
 * Whether the files in place are those that have been seen to compute.
 *
 * @param tfjs the package
 * @returns the line for people, or undefined
 */
export function provenBefore(tfjs: Tfjs): string | undefined {
  const now = fingerprint(tfjs);
  const { description, ...then } = readMarker(markerPath(tfjs)) ?? {};
  const same = now !== undefined && JSON.stringify(then) === JSON.stringify(now);
  return same && typeof description === "string" ? description : undefined;
}

const markerPath = (tfjs: Tfjs) => join(tfjs.folder, "lib", "rnnlab-proven.json");

function fingerprint(tfjs: Tfjs): object | undefined {
  const binding = statSync(bindingPath(tfjs), { throwIfNoEntry: false });
  const library = join(tfjs.folder, "deps", "lib");
  if (binding === undefined || statSync(library, { throwIfNoEntry: false }) === undefined) return undefined;
  return {
    node: process.versions.modules,
    size: binding.size,
    modified: binding.mtimeMs,
    library: realpathSync(library),
  };
}
