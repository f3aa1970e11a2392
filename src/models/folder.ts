import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { quote } from "../arguments.js";
import { isReadError, readError } from "../formats/read-error.js";
import { readRegularFile, withRegularFile } from "../formats/regular-file.js";
import { restoreActivations } from "../layers/activations.js";
import { setExactly } from "../layers/constraints.js";
import * as tf from "../tensorflow.js";
import { ATTACHMENT_FILES, type Attachments, readAttachments, writeAttachments } from "./attachments.js";
import { buildConverted, isConverted } from "./keras/converted.js";
import { replaceFolder } from "./replace.js";
import { buildWithin } from "./weight-limit.js";

const MODEL = "model.json";
const WEIGHTS = "weights.bin";
/** Most bytes of a JSON file. */
const LARGEST_JSON = 2 ** 26;
/** Most files that weights may be spread over: tfjs writes one, its converter one for each 4 MiB. */
const MOST_FILES = 4096;
/** How often a folder may change while it is read. */
const MOST_TRIES = 1000;

/** What tfjs saves and loads; it does not export the types by name. */
type Artifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0];
type WeightSpec = NonNullable<Artifacts["weightSpecs"]>[number];
type Topology = Parameters<typeof tf.models.modelFromJSON>[0];
type TrainingConfig = Parameters<tf.LayersModel["loadTrainingConfig"]>[0];

/** The weights as tfjs lists them in model.json. */
type Manifest = { readonly paths: readonly string[]; readonly weights: WeightSpec[] }[];
type ModelJson = Pick<Artifacts, "format" | "trainingConfig"> & {
  readonly modelTopology: NonNullable<Artifacts["modelTopology"]>;
  readonly weightsManifest?: Manifest;
  /** Where each attachment is while a folder is replaced; under its own name, if there, unless given. */
  readonly userDefinedMetadata?: { readonly attachments?: Readonly<Record<string, string>> };
};

/**
 * Writes a model as a folder that `tf.loadLayersModel` reads, with its attachments beside it.
 *
 * @param model - a built model
 * @param folder - its path; a folder that holds a model is replaced
 * @param attachments - what travels with the model
 * @throws {Error} when there is another file or folder, or the disk refuses
 */
export async function writeFolder(
  model: tf.LayersModel,
  folder: string,
  attachments: Attachments,
): Promise<void> {
  await requireReplaceable(folder);
  const texts = writeAttachments(attachments);
  const { weightData, weightSpecs, ...json } = await artifactsOf(model);
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
  const indexText = (nameOf: (file: string) => string): string => {
    const weightsManifest = [{ paths: [nameOf(WEIGHTS)], weights: weightSpecs }];
    const moved = [...texts.keys()].map((name) => [name, nameOf(name)] as const);
    const inPlace = nameOf(WEIGHTS) === WEIGHTS;
    const userDefinedMetadata = inPlace
      ? {}
      : { userDefinedMetadata: { attachments: Object.fromEntries(moved) } };
    return JSON.stringify({ ...json, ...userDefinedMetadata, weightsManifest });
  };
  await replaceFolder(folder, {
    files: new Map<string, string | Uint8Array>([...texts, [WEIGHTS, weights]]),
    index: MODEL,
    indexText,
    outdated: (old) => [...ATTACHMENT_FILES, ...weightFilesOf(old)],
  });
}

async function artifactsOf(model: tf.LayersModel): Promise<Artifacts> {
  let saved: Artifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer: canSaveTraining(model) });
  if (saved === undefined)
    throw new Error("Cannot save model: tfjs must hand over what it saves, got nothing");
  return saved;
}

/** The files of an old model's weights, where it is one. */
function weightFilesOf(oldIndex: string): string[] {
  try {
    const { weightsManifest = [] } = JSON.parse(oldIndex) as ModelJson;
    return weightsManifest.flatMap(({ paths }) => paths).filter(isPlainName);
  } catch {
    // No model that anybody can read: nothing is known to belong to it.
    return [];
  }
}

/**
 * Reads a folder that {@link writeFolder}, or tfjs, wrote.
 *
 * @param folder - its path
 * @returns the model and what is beside it
 * @throws {RangeError} when something is missing, cut off or malformed; it names the folder
 */
export async function readFolder(folder: string): Promise<Attachments & { readonly model: tf.LayersModel }> {
  const { artifacts, attachments } = await readUnchanged(folder);
  return { model: await build(artifacts, folder), ...attachments };
}

interface FolderContent {
  readonly artifacts: Artifacts;
  readonly attachments: Attachments;
}

/** Reads files that belong together: once more where the model was replaced meanwhile. */
async function readUnchanged(folder: string): Promise<FolderContent> {
  for (let tries = 1; ; tries++) {
    const before = await versionOf(folder);
    let content: FolderContent | undefined;
    let failure: unknown;
    try {
      content = await readContent(folder);
    } catch (error) {
      failure = error;
    }
    const changed = (await versionOf(folder)) !== before;
    if (!changed && content !== undefined) return content;
    if (!changed) throw failure;
    if (tries === MOST_TRIES) {
      throw readError(folder, `the model must stay as it is while it is read, got ${tries} changes`, failure);
    }
  }
}

/** Tells the model.json of one save from that of another. */
async function versionOf(folder: string): Promise<string> {
  const stats = await stat(join(folder, MODEL), { bigint: true }).catch(() => undefined);
  return stats === undefined ? "none" : `${stats.ino} ${stats.size} ${stats.ctimeNs}`;
}

async function readContent(folder: string): Promise<FolderContent> {
  const text = async (name: string): Promise<string> =>
    (await readRegularFile(join(folder, name), { largest: LARGEST_JSON })).toString("utf8");
  if (!existsSync(join(folder, MODEL))) {
    const found = (await readdir(folder)).slice(0, 10).join(", ") || "nothing";
    throw readError(folder, `a model's folder must have ${MODEL}, got ${found}`);
  }
  const json = parseIndex(folder, await text(MODEL));
  const artifacts = await readArtifacts(folder, json);
  const moved = json.userDefinedMetadata?.attachments;
  if (typeof moved !== "object" && moved !== undefined) {
    throw readError(join(folder, MODEL), `attachments must be an object, got ${quote(moved)}`);
  }
  const attachments = await readAttachments(async (name) => {
    const place: unknown = moved == null ? name : moved[name];
    if (place === undefined) return undefined;
    if (!isPlainName(place)) {
      throw readError(join(folder, MODEL), `${name} must lie in a file beside it, got ${quote(place)}`);
    }
    return existsSync(join(folder, place)) ? await text(place) : undefined;
  }, folder);
  return { artifacts, attachments };
}

/** Whether a path is that of a file of the same folder, whatever a JSON file says. */
function isPlainName(path: unknown): path is string {
  return typeof path === "string" && basename(path) === path && path !== "" && path !== "." && path !== "..";
}

/** Whether what compile() was told can be written: losses and metrics by name. */
function canSaveTraining(model: tf.LayersModel): boolean {
  const { optimizer, loss, metrics } = model;
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

function parseIndex(folder: string, text: string): ModelJson {
  const refuse = (rule: string, cause?: unknown): never => {
    throw readError(join(folder, MODEL), rule, cause);
  };
  let json: ModelJson;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return refuse("it must be JSON, got other text", cause);
  }
  const { modelTopology, weightsManifest, format } = json ?? {};
  if (typeof modelTopology !== "object" || modelTopology === null || !Array.isArray(weightsManifest)) {
    return refuse("it must be a layers model of TensorFlow.js, got other JSON");
  }
  if (format === "graph-model") {
    return refuse(
      "it must be a layers model of TensorFlow.js, got a graph model; load it with tf.loadGraphModel()",
    );
  }
  return json;
}

/** Reads the weights: their files are as large as model.json says, or not read at all. */
async function readArtifacts(folder: string, json: ModelJson): Promise<Artifacts> {
  const refuse = (rule: string): never => {
    throw readError(join(folder, MODEL), rule);
  };
  const { modelTopology, weightsManifest = [], trainingConfig } = json;
  const lists = weightsManifest.map((group) => [group?.paths, group?.weights]);
  if (!lists.flat().every(Array.isArray))
    return refuse("each group of weights must have paths and weights, got other JSON");
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const paths = weightsManifest.flatMap(({ paths }) => paths);
  if (paths.length > MOST_FILES) {
    return refuse(`weights must lie in at most ${MOST_FILES} files, got ${paths.length}`);
  }
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) return refuse(`weights must lie in files of their own, got ${quote(twice)} twice`);
  const needed = weightSpecs.reduce((bytes, spec) => bytes + bytesOf(spec, refuse), 0);
  const names = new Set<string>();
  for (const { name } of weightSpecs) {
    if (names.has(name)) return refuse(`weights must have names of their own, got ${quote(name)} twice`);
    names.add(name);
  }
  let found = 0;
  for (const path of paths) {
    if (!isPlainName(path)) return refuse(`weights must lie in files beside it, got ${quote(path)}`);
    if (!existsSync(join(folder, path))) return refuse(`its weights must be in ${path}, got no such file`);
    found += await withRegularFile(join(folder, path), {}, (_, size) => size);
  }
  if (needed !== found) throw readError(folder, `the weights must have ${needed} bytes, got ${found}`);
  const parts: Buffer[] = [];
  for (const path of paths) parts.push(await readRegularFile(join(folder, path), { largest: needed }));
  const weights = Buffer.concat(parts);
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
  const { weightSpecs = [], weightData } = artifacts;
  const modelTopology: object = artifacts.modelTopology as object;
  if (isConverted(modelTopology))
    return await buildConverted(
      modelTopology,
      { specs: weightSpecs, data: weightData as ArrayBuffer },
      folder,
    );
  restoreActivations(JSON.stringify(modelTopology));
  const count = weightSpecs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  try {
    const tooLarge = (weights: number) =>
      readError(folder, `the model must have the ${count} weights of its file, got ${weights} or more`);
    return await buildWithin(count, tooLarge, async () => {
      const model = await tf.models.modelFromJSON(modelTopology as Topology);
      await fill(model, artifacts);
      return model;
    });
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    throw readError(
      folder,
      `the model must be one that TensorFlow.js can build, got ${(cause as Error).message}`,
      cause,
    );
  }
}

/** Gives a model its training settings and its weights. */
async function fill(model: tf.LayersModel, artifacts: Artifacts): Promise<void> {
  const { trainingConfig, weightData, weightSpecs = [] } = artifacts;
  if (trainingConfig !== undefined) model.loadTrainingConfig(trainingConfig as TrainingConfig);
  const decoded = tf.io.decodeWeights(weightData as ArrayBuffer, weightSpecs);
  try {
    const [slots, own] = [true, false].map((optimizers) =>
      weightSpecs.filter(({ group }) => (group === "optimizer") === optimizers),
    ) as [WeightSpec[], WeightSpec[]];
    model.loadWeights(Object.fromEntries(own.map(({ name }) => [name, decoded[name] as tf.Tensor])));
    restoreConstrained(model, decoded);
    const weights = slots.map(({ name }) => ({ name, tensor: decoded[name] as tf.Tensor }));
    if (weights.length > 0) await model.optimizer?.setWeights(weights);
  } finally {
    tf.dispose(decoded);
  }
}

/** tfjs applies the constraints of weights to what it reads, which Keras does not. */
function restoreConstrained(model: tf.LayersModel, decoded: tf.NamedTensorMap): void {
  for (const weight of model.weights) {
    const value = decoded[weight.originalName];
    if (value && Reflect.get(weight, "constraint") != null) setExactly(weight, value);
  }
}
