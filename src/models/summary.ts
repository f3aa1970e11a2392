import { inspect } from "node:util";
import { type MimeBundle, richDisplay } from "../display/index.js";
import type * as tf from "../tensorflow.js";
import { isModel, kindOf, type LayerNode, nodesByDepth } from "../tfjs/model-graph.js";
import { isTrained, trainingStep } from "../training/compiled/report.js";
import type { LayerSummary, ModelSummary } from "./model-summary.js";
import { summaryBundle, summaryText } from "./write-summary.js";

/** What a summary lists. */
export interface SummaryOptions {
  /** Whether the layers of models inside the model have rows, too; false unless given */
  readonly expandNested?: boolean;
}

/**
 * Summarises a model as Keras's `summary()` prints it: layers, output shapes, numbers of parameters, and, unless each
 * layer feeds the next, where inputs come from. The parameters of the optimiser, which Keras adds once it has trained,
 * are not counted.
 *
 * @param model - a model whose input shape is known
 * @param options - what is listed
 * @returns the numbers, to look at and to check; as the last value of a cell they are shown as a table
 * @throws {RangeError} when the input shape is not known yet
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { summary } from "rnnlab/models";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
 * console.log(summary(model).parameters); // 8
 * console.log(`${summary(model)}`.split("\n").length); // 9
 * ```
 */
export function summary(model: tf.LayersModel, options: SummaryOptions = {}): ModelSummary {
  requireBuilt(model);
  const count = (weights: readonly tf.LayerVariable[]) =>
    weights.reduce((sum, { shape }) => sum + shape.reduce<number>((size, side) => size * (side ?? 1), 1), 0);
  const [parameters, nonTrainable] = [count(model.weights), count(model.nonTrainableWeights)];
  const layers = layersOf(model);
  const numbers = {
    name: model.name,
    layers,
    parameters,
    trainable: parameters - nonTrainable,
    nonTrainable,
    ...(isTrained(model) ? { trainingStep: trainingStep(model) } : {}),
  };
  const written = { ...numbers, showsConnections: !isChain(model), expands: options.expandNested ?? false };
  const text = () => summaryText(written);
  return Object.defineProperties(
    { ...numbers, [richDisplay]: (): MimeBundle => summaryBundle(written) },
    { toString: { value: text }, [inspect.custom]: { value: text } },
  );
}

function requireBuilt(model: tf.LayersModel): void {
  if (model.layers.length > 0 && model.layers.every((layer) => layer.inboundNodes.length > 0)) return;
  throw new RangeError(
    `Cannot summarise ${model.name}: its input shape must be known, got none; give its first layer an inputShape`,
  );
}

function layersOf(model: tf.LayersModel): LayerSummary[] {
  const used = new Set(nodesByDepth(model).flat());
  const isSequential = model.getClassName() === "Sequential";
  return model.layers
    .filter((layer) => !(isSequential && layer.getClassName() === "InputLayer"))
    .map((layer) => {
      const calls = layer.inboundNodes.filter((call) => used.has(call));
      // Where calls differ Keras shows the last, too. A model that a sequential model begins with is not called at all.
      const outputs = calls.at(-1)?.outputTensors ?? (layer as tf.LayersModel).outputs;
      const [shape = [], ...others] = outputs.map((output) => output.shape);
      return {
        name: layer.name,
        type: kindOf(layer),
        outputShape: others.length === 0 ? shape : [shape, ...others],
        parameters: layer.countParams(),
        connectedTo: calls.flatMap((call) => connections(call, used)),
        ...(isModel(layer) ? { layers: layersOf(layer) } : {}),
      };
    });
}

function connections(
  { inboundLayers, nodeIndices, tensorIndices }: LayerNode,
  used: ReadonlySet<LayerNode>,
): string[] {
  return inboundLayers.map((layer, i) => {
    const calls = layer.inboundNodes;
    const call = calls[nodeIndices[i] ?? 0];
    // Keras counts the calls within the model, tfjs all that there ever were.
    const place = call === undefined ? 0 : calls.filter((one) => used.has(one)).indexOf(call);
    return `${layer.name}[${place}][${tensorIndices[i]}]`;
  });
}

/** Whether each layer feeds the next and nothing else. */
function isChain(model: tf.LayersModel): boolean {
  const depths = nodesByDepth(model);
  const layers = depths.flat().map(({ outboundLayer }) => outboundLayer);
  return (
    depths.every(([node, ...others]) => others.length === 0 && (node?.inboundLayers.length ?? 0) <= 1) &&
    new Set(layers).size === layers.length
  );
}
