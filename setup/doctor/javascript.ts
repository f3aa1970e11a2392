import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { nativeOpsFile } from "../../src/platform/native-ops-entry.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { findTfjs } from "../../src/platform/tfjs-node.js";
import { findManifest } from "../find-manifest.js";
import { nativeOpsFailure, proveNativeOps } from "../native-ops.js";
import { venvPython } from "../paths.js";
import { prove } from "../tensorflow.js";
import type { Finding } from "./finding.js";

const PACKAGES = ["typescript", "zeromq", "plotly.js-dist"];
/** What is compiled finds packages from here: in `dist/node_modules` first, where the build puts some. */
const COMPILED = join(packageRoot, "dist/index.js");

/**
 * Looks at Node, the npm packages, and whether TensorFlow and the fused ops compute.
 *
 * @returns one finding a part
 */
export async function examineJavaScript(): Promise<Finding[]> {
  const computes = await tensorflow();
  const native = computes.health === "ok" ? [await nativeOps()] : [];
  // The command does not start with a Node that is too old.
  const node: Finding = {
    part: "node",
    found: `${process.versions.node} (${process.execPath})`,
    health: "ok",
  };
  return [node, ...PACKAGES.map(npmPackage), danfojs(), computes, ...native];
}

function npmPackage(name: string): Finding {
  const manifest = findManifest(name, COMPILED);
  if (manifest === undefined)
    return { part: name, found: "not installed", health: "broken", repair: "npm ci" };
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  try {
    // The compiler and plotly.js are big and have nothing native that could fail to load.
    if (name === "zeromq") createRequire(COMPILED)(name);
    return { part: name, found: version, health: "ok" };
  } catch (error) {
    return { part: name, found: `${version}: ${firstLine(error)}`, health: "broken", repair: "npm ci" };
  }
}

function danfojs(): Finding {
  const part = "danfojs-node";
  if (findManifest(part) !== undefined) return npmPackage(part);
  const found = "not installed: dataFrame() needs it, and nothing else";
  return { part, found, health: "optional", repair: "docs/guide/tables.md says how to install it" };
}

async function tensorflow(): Promise<Finding> {
  const part = "tfjs-node";
  if (findManifest("@tensorflow/tfjs-node") === undefined) {
    const health = existsSync(venvPython()) ? "broken" : "optional";
    return {
      part,
      found: "not installed: cells run, except those that compute with tensors",
      health,
      repair: "npx rnnlab setup",
    };
  }
  try {
    const { tfjs, library } = await prove(join(packageRoot, "dist/src/tensorflow.js"), process.env);
    return { part, found: `${tfjs} on TensorFlow ${library}, computes`, health: "ok" };
  } catch (error) {
    const repair = "npx rnnlab setup";
    if (isForKernelOnly()) {
      const found = "not set up: cells run, except those that compute with tensors";
      return { part, found, health: "optional", repair };
    }
    return { part, found: `does not load: ${firstLine(error)}`, health: "broken", repair };
  }
}

/** Nothing of a whole set-up was ever made here. */
function isForKernelOnly(): boolean {
  const { folder } = findTfjs(join(packageRoot, "package.json"));
  return !existsSync(venvPython()) && !existsSync(join(folder, "deps"));
}

async function nativeOps(): Promise<Finding> {
  const part = "native ops";
  const file = nativeOpsFile();
  const repair = "npx rnnlab setup";
  if (!existsSync(file)) {
    const { folder } = findTfjs(join(packageRoot, "package.json"));
    const failure = nativeOpsFailure(cacheDirectory(), join(folder, "deps"));
    const reason = failure === undefined ? "not built" : `they do not compile with ${failure.compiler}`;
    const found = `${reason}: recurrent layers run on TensorFlow's own ops`;
    return { part, found, health: "optional", repair: failure?.again ?? repair };
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
