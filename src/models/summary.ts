import { inspect } from "node:util";
import { escapeHtml, type MimeBundle, type RichText, richDisplay } from "../display/index.js";
import type * as tf from "../tensorflow.js";
import { boxTable } from "./box-table.js";
import { callsOf, isModel, kindOf, type LayerNode, nodesByDepth } from "./graph.js";

type Shape = readonly (number | null)[];

/** A row of a {@link ModelSummary}. */
export interface LayerSummary {
  readonly name: string;
  /** Class of the layer, as Keras names it */
  readonly type: string;
  /** null stands for the size of the batch; a list of shapes if there are several outputs */
  readonly outputShape: Shape | readonly Shape[];
  readonly parameters: number;
  /** Where its inputs come from, as Keras writes it: `layer[call][output]` */
  readonly connectedTo: readonly string[];
  /** The layers inside, if it is a model */
  readonly layers?: readonly LayerSummary[];
}

/** A model's layers as Keras lists them: a table in a notebook, Keras's text elsewhere. */
export interface ModelSummary extends RichText {
  readonly name: string;
  readonly layers: readonly LayerSummary[];
  /** Of all layers together; a layer that is used twice counts once */
  readonly parameters: number;
  readonly trainable: number;
  readonly nonTrainable: number;
  /** @returns what Keras prints */
  toString(): string;
}

/** What a summary lists. */
export interface SummaryOptions {
  /** Whether the layers of models inside the model have rows, too; false unless given */
  readonly expandNested?: boolean;
}

// Keras's columns in a window that is wide enough.
const columns = [
  { title: "Layer (type)", width: 36 },
  { title: "Output Shape", width: 27 },
  { title: "Param #", width: 15, right: true },
];
const columnsOfGraph = [
  { title: "Layer (type)", width: 29 },
  { title: "Output Shape", width: 25 },
  { title: "Param #", width: 15, right: true },
  { title: "Connected to", width: 26 },
];

/**
 * Summarises a model as Keras's `summary()` prints it: layers, output shapes, numbers of parameters, and, unless each
 * layer feeds the next, where inputs come from. The parameters of the optimiser, which Keras adds once it has trained,
 * are not counted.
 *
 * @param model - a model whose input shape is known
 * @param options - what is listed
 * @returns the numbers, to look at and to check; as the last value of a cell they are shown as a table
 * @throws RangeError if the input shape is not known yet
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
  };
  const table = {
    columns: isChain(model) ? columns : columnsOfGraph,
    rows: rowsOf(layers, options.expandNested ?? false, 0),
  };
  const text = (): string => toText(numbers, table);
  return Object.defineProperties(
    {
      ...numbers,
      [richDisplay]: (): MimeBundle => ({ "text/html": toHtml(numbers, table), "text/plain": text() }),
    },
    { toString: { value: text }, [inspect.custom]: { value: text } },
  );
}

interface SummaryTable {
  readonly columns: typeof columns;
  readonly rows: readonly (readonly string[])[];
}

function requireBuilt(model: tf.LayersModel): void {
  if (model.layers.length > 0 && model.layers.every((layer) => callsOf(layer).length > 0)) return;
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
      const calls = callsOf(layer).filter((call) => used.has(call));
      // Where calls differ Keras shows the last, too. A model that a sequential model begins with is not called at all.
      const shapes =
        calls.at(-1)?.outputShapes ?? (layer as tf.LayersModel).outputs.map(({ shape }) => shape);
      const [shape = [], ...others] = shapes;
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
    const calls = callsOf(layer);
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

function rowsOf(layers: readonly LayerSummary[], expand: boolean, level: number): string[][] {
  const prefix = level === 0 ? "" : `${"   ".repeat(level)}└ `;
  return layers.flatMap((layer) => [
    [
      `${prefix}${layer.name} (${layer.type})`,
      writeShape(layer.outputShape),
      layer.parameters.toLocaleString("en"),
      layer.connectedTo.join(", ") || "-",
    ],
    ...(expand && layer.layers ? rowsOf(layer.layers, expand, level + 1) : []),
  ]);
}

function writeShape(shape: LayerSummary["outputShape"]): string {
  if (shape.some((part) => Array.isArray(part)))
    return `[${(shape as readonly Shape[]).map(writeShape).join(", ")}]`;
  return `(${shape.map((size) => size ?? "None").join(", ")})`;
}

type Numbers = Pick<ModelSummary, "name" | "parameters" | "trainable" | "nonTrainable">;

function totals({ parameters, trainable, nonTrainable }: Numbers): [title: string, total: string][] {
  const write = (total: number) => `${total.toLocaleString("en")} (${memory(4 * total)})`;
  return [
    ["Total params", write(parameters)],
    ["Trainable params", write(trainable)],
    ["Non-trainable params", write(nonTrainable)],
  ];
}

function memory(bytes: number): string {
  const power = Math.min(bytes === 0 ? 0 : Math.floor(Math.log2(bytes) / 10), 4);
  return `${(bytes / 1024 ** power).toFixed(2)} ${["B", "KB", "MB", "GB", "TB"][power]}`;
}

function toText(numbers: Numbers, table: SummaryTable): string {
  const rows = table.rows.map((cells) => cells.slice(0, table.columns.length));
  const lines = totals(numbers).map(([title, total]) => ` ${title}: ${total}`);
  return [`Model: "${numbers.name}"`, boxTable(table.columns, rows), ...lines].join("\n");
}

function toHtml(numbers: Numbers, table: SummaryTable): string {
  const align = (i: number) =>
    ` style="text-align:${table.columns[i]?.right ? "right" : "left"};white-space:pre-wrap"`;
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${table.columns.map((_, i) => `<${tag}${align(i)}>${escapeHtml(cells[i] ?? "")}</${tag}>`).join("")}</tr>`;
  const titles = table.columns.map(({ title }) => title);
  return [
    "<table>",
    `<caption style="text-align:left;white-space:nowrap">Model: <b>${escapeHtml(numbers.name)}</b></caption>`,
    `<thead>${row("th", titles)}</thead>`,
    `<tbody>${table.rows.map((cells) => row("td", cells)).join("\n")}</tbody>`,
    "</table>",
    ...totals(numbers).map(([title, total]) => `<div><b>${title}:</b> ${total}</div>`),
  ].join("\n");
}
