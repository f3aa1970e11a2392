import {
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Tfjs } from "../src/platform/tfjs-node.js";
import { readMarker } from "./marker.js";

/** The two folders that make the native part: TensorFlow's library and headers, and the binding. */
export interface NativeParts {
  /** Holds `lib/` and `include/`. */
  readonly deps: string;
  /** Holds `tfjs_binding.node`. */
  readonly binding: string;
}

/**
 * Puts the native part into the package, each file in one step. The library is linked, not copied (Windows:
 * copied).
 *
 * @param tfjs - the package
 * @param parts - where the parts are
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
  if (process.platform === "win32") putBeside(binding, join(deps, "lib"));
}

/** Windows looks for a library beside the file that needs it. */
function putBeside(binding: string, library: string): void {
  for (const name of readdirSync(library).filter((file) => /\.(dll|pyd)$/i.test(file)))
    copyFileSync(join(library, name), join(dirname(binding), name));
}

/**
 * Takes the native part out again.
 *
 * @param tfjs - the package
 */
export function displace(tfjs: Tfjs): void {
  rmSync(join(tfjs.folder, "deps"), { recursive: true, force: true });
  rmSync(join(tfjs.folder, "lib"), { recursive: true, force: true });
}

/**
 * The file of the binding for this Node.
 *
 * @param tfjs - the package
 * @returns its path, where there need not be a file
 */
export function bindingPath(tfjs: Tfjs): string {
  return join(tfjs.folder, "lib", tfjs.label, "tfjs_binding.node");
}

/**
 * Remembers that exactly these files have been seen to compute in this Node.
 *
 * @param tfjs - the package
 * @param description - a line for people
 */
export function markProven(tfjs: Tfjs, description: string): void {
  writeFileSync(markerPath(tfjs), `${JSON.stringify({ ...fingerprint(tfjs), description })}\n`);
}

/**
 * Whether the files in place are those that have been seen to compute.
 *
 * @param tfjs - the package
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
