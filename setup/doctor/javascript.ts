import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { nativeOpsFile } from "../../src/platform/native-ops-entry.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { proveNativeOps } from "../native-ops.js";
import { prove } from "../tensorflow.js";
import type { Finding } from "./finding.js";

const OLDEST_NODE = [20, 12];
const PACKAGES = ["typescript", "zeromq", "danfojs-node", "plotly.js-dist"];

/**
 * Looks at Node, the npm packages, and whether TensorFlow and the fused ops compute.
 *
 * @returns one finding a part
 */
export async function examineJavaScript(): Promise<Finding[]> {
  const computes = await tensorflow();
  const native = computes.health === "ok" ? [await nativeOps()] : [];
  return [node(), ...PACKAGES.map(npmPackage), computes, ...native];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  const ok = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const found = `${process.versions.node} (${process.execPath})`;
  if (ok) return { part: "node", found, health: "ok" };
  return { part: "node", found, health: "broken", repair: `install Node ${OLDEST_NODE.join(".")} or newer` };
}

function npmPackage(name: string): Finding {
  const manifest = findManifest(name);
  if (manifest === undefined)
    return { part: name, found: "not installed", health: "broken", repair: "npm ci" };
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  try {
    // The compiler and plotly.js are big and have nothing native that could fail to load.
    if (name === "zeromq") createRequire(join(packageRoot, "package.json"))(name);
    return { part: name, found: version, health: "ok" };
  } catch (error) {
    return { part: name, found: `${version}: ${firstLine(error)}`, health: "broken", repair: "npm ci" };
  }
}

/** A package's manifest, which its `exports` may hide from require(). */
function findManifest(name: string): string | undefined {
  const folders = createRequire(join(packageRoot, "package.json")).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name, "package.json")).find(existsSync);
}

async function tensorflow(): Promise<Finding> {
  const part = "tfjs-node";
  if (findManifest("@tensorflow/tfjs-node") === undefined)
    return { part, found: "not installed", health: "broken", repair: "npm ci" };
  try {
    const { tfjs, library } = await prove(join(packageRoot, "dist/src/tensorflow.js"), process.env);
    return { part, found: `${tfjs} on TensorFlow ${library}, computes`, health: "ok" };
  } catch (error) {
    return {
      part,
      found: `does not load: ${firstLine(error)}`,
      health: "broken",
      repair: "npx rnnlab setup",
    };
  }
}

async function nativeOps(): Promise<Finding> {
  const part = "native ops";
  const file = nativeOpsFile();
  if (file === undefined) {
    const found = "on Linux only so far: recurrent layers run on TensorFlow's own ops";
    return { part, found, health: "ok" };
  }
  const repair = "npx rnnlab setup";
  if (!existsSync(file)) {
    const found = "not built: recurrent layers run on TensorFlow's own ops";
    return { part, found, health: "optional", repair };
  }
  try {
    const entry = join(packageRoot, "dist/src/tensorflow.js");
    const sets = await proveNativeOps(entry, file, process.env);
    const found = `compute, with ${sets[0]} instructions: recurrent layers run on them`;
    if (process.env.RNNLAB_OPS !== "tensorflow") return { part, found, health: "ok" };
    const switchedOff = "switched off by RNNLAB_OPS: recurrent layers run on TensorFlow's own ops";
    return { part, found: switchedOff, health: "optional", repair: "unset RNNLAB_OPS" };
  } catch (error) {
    return { part, found: firstLine(error), health: "optional", repair: `rm ${file}; ${repair}` };
  }
}

function firstLine(error: unknown): string {
  const lines = String((error as Error).message).split("\n");
  return (lines.find((line) => line.includes("Error:")) ?? lines[0] ?? "").trim();
}
