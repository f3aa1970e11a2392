import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isReadError, readError } from "../datasets/formats/index.js";
import * as tf from "../tensorflow.js";
import { type Attachments, readAttachments, writeAttachments } from "./attachments.js";
import { buildWithin } from "./weight-limit.js";

const MODEL = "model.json";
const WEIGHTS = "weights.bin";

/** What tfjs saves and loads; it does not export the types by name. */
type Artifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0];
type WeightSpec = NonNullable<Artifacts["weightSpecs"]>[number];
type Topology = Parameters<typeof tf.models.modelFromJSON>[0];

/** The weights as tfjs lists them in model.json. */
type Manifest = { readonly paths: readonly string[]; readonly weights: WeightSpec[] }[];
type ModelJson = Pick<Artifacts, "modelTopology" | "format" | "trainingConfig"> & {
  readonly weightsManifest?: Manifest;
};

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads, with its attachments beside it.
 *
 * @param model - a built model
 * @param folder - its path; a folder that holds a model is replaced
 * @param attachments - what travels with the model
 * @throws Error if there is another file or folder, or the disk refuses
 */
export async function writeFolder(
  model: tf.LayersModel,
  folder: string,
  attachments: Attachments,
): Promise<void> {
  await requireReplaceable(folder);
  const files = new Map<string, string | Uint8Array>(writeAttachments(attachments));
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const { weightData, weightSpecs, ...json } = artifacts;
    const weights = tf.io.CompositeArrayBuffer.join(weightData);
    const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
    files.set(MODEL, JSON.stringify({ ...json, weightsManifest }));
    files.set(WEIGHTS, new Uint8Array(weights));
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer: canSaveTraining(model) });
  await replaceFolder(folder, files);
}

/**
 * Reads a folder that {@link writeFolder}, or tfjs, wrote.
 *
 * @param folder - its path
 * @returns the model and what is beside it
 * @throws RangeError that names the folder if something is missing, cut off or malformed
 */
export async function readFolder(folder: string): Promise<Attachments & { readonly model: tf.LayersModel }> {
  const optional = async (name: string) =>
    existsSync(join(folder, name)) ? await readFile(join(folder, name), "utf8") : undefined;
  const text = await optional(MODEL);
  if (text === undefined) {
    const found = (await readdir(folder)).slice(0, 10).join(", ") || "nothing";
    throw readError(folder, `a model's folder must have ${MODEL}, got ${found}`);
  }
  const artifacts = await readArtifacts(folder, text);
  const attachments = await readAttachments(optional, folder);
  return { model: await build(artifacts, folder), ...attachments };
}

/** Whether what compile() was told can be written: losses and metrics by name. */
function canSaveTraining(model: tf.LayersModel): boolean {
  const { optimizer, loss, metrics } = model as unknown as Record<string, unknown>;
  const isNamed = (each: unknown): boolean =>
    typeof each === "string" ||
    (typeof each === "object" && each !== null && Object.values(each).every(isNamed));
  return optimizer != null && isNamed(loss) && isNamed(metrics ?? []);
}

async function requireReplaceable(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  const names = found.isDirectory() ? await readdir(folder) : undefined;
  if (names !== undefined && (names.length === 0 || names.includes(MODEL))) return;
  throw new Error(
    `Cannot save model: ${folder} must be new, empty or a saved model, got ${names === undefined ? "a file" : `a folder with ${names.slice(0, 5).join(", ")}`}; choose another place`,
  );
}

/** Readers see the old folder or the new one, never a part: the new one is complete before it takes the name. */
async function replaceFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const parent = dirname(folder);
  const mark = `.${basename(folder)}-${randomUUID()}`;
  const [fresh, old] = [join(parent, mark), join(parent, `${mark}-old`)];
  try {
    await mkdir(fresh, { recursive: true });
    for (const [name, content] of files) await writeFile(join(fresh, name), content);
    const replaces = existsSync(folder);
    if (replaces) await rename(folder, old);
    try {
      await rename(fresh, folder);
    } catch (error) {
      if (replaces) await rename(old, folder);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } catch (cause) {
    // What keeps the parts from being removed is what kept them from being written.
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    throw new Error(`Cannot save model: ${folder} must be writable, got ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readArtifacts(folder: string, text: string): Promise<Artifacts> {
  const refuse = (rule: string, cause?: unknown): never => {
    throw readError(join(folder, MODEL), rule, cause);
  };
  let json: ModelJson;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return refuse("it must be JSON, got other text", cause);
  }
  const { modelTopology, weightsManifest, trainingConfig } = json ?? {};
  if (typeof modelTopology !== "object" || modelTopology === null || !Array.isArray(weightsManifest)) {
    return refuse("it must be a layers model of TensorFlow.js, got other JSON");
  }
  if (json.format === "graph-model") {
    return refuse(
      "it must be a layers model of TensorFlow.js, got a graph model; load it with tf.loadGraphModel()",
    );
  }
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const parts: Buffer[] = [];
  for (const path of weightsManifest.flatMap(({ paths }) => paths)) {
    // A file of the same folder, whatever the JSON says.
    if (typeof path !== "string" || basename(path) !== path || path === "..") {
      return refuse(`weights must lie in files beside it, got ${JSON.stringify(path)}`);
    }
    if (!existsSync(join(folder, path))) return refuse(`its weights must be in ${path}, got no such file`);
    parts.push(await readFile(join(folder, path)));
  }
  const weights = Buffer.concat(parts);
  const needed = weightSpecs.reduce((bytes, spec) => bytes + bytesOf(spec, refuse), 0);
  if (needed !== weights.length) {
    throw readError(folder, `the weights must have ${needed} bytes, got ${weights.length}`);
  }
  const weightData = weights.buffer.slice(
    weights.byteOffset,
    weights.byteOffset + weights.length,
  ) as ArrayBuffer;
  return { modelTopology, weightSpecs, weightData, ...(trainingConfig ? { trainingConfig } : {}) };
}

function bytesOf(spec: WeightSpec, refuse: (rule: string) => never): number {
  const { name, shape, dtype, quantization } = spec ?? {};
  const sizes = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as Record<string, number>;
  const size = sizes[quantization?.dtype ?? dtype];
  const whole = Array.isArray(shape) && shape.every((side) => Number.isInteger(side) && side >= 0);
  if (size === undefined || !whole) {
    return refuse(
      `weights must have a shape and a type of numbers, got ${JSON.stringify({ name, shape, dtype })}`,
    );
  }
  return shape.reduce((product, side) => product * side, size);
}

async function build(artifacts: Artifacts, folder: string): Promise<tf.LayersModel> {
  const { modelTopology, weightSpecs = [] } = artifacts;
  const count = weightSpecs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  try {
    // Once for its size alone, since the topology may claim more than the file has.
    const tooLarge = (weights: number) =>
      readError(folder, `the model must have the ${count} weights of its file, got ${weights} or more`);
    const tried = await buildWithin(count, tooLarge, () =>
      tf.models.modelFromJSON(modelTopology as Topology),
    );
    tried.dispose();
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    throw readError(
      folder,
      `the model must be one that TensorFlow.js can build, got ${(cause as Error).message}`,
      cause,
    );
  }
}
