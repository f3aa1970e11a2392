import { escapeHtml, type MimeBundle } from "../display/index.js";
import { tableBundle } from "../table/index.js";
import type { StepReport } from "../training/index.js";
import { boxTable } from "./box-table.js";
import type { LayerSummary, ModelSummary, Shape } from "./model-summary.js";

/** What a summary shows, and how much of it. */
export interface WrittenSummary
  extends Pick<
    ModelSummary,
    "name" | "layers" | "parameters" | "trainable" | "nonTrainable" | "trainingStep"
  > {
  readonly showsConnections: boolean;
  /** Whether the layers of models inside have rows, too */
  readonly expands: boolean;
}

interface Row {
  readonly layer: LayerSummary;
  /** How many models are around it */
  readonly level: number;
}

// Keras's columns in a window that is wide enough.
const widths = [36, 27, 15] as const;
const widthsWithConnections = [29, 25, 15, 26] as const;

/** A summary as Keras prints it. */
export function summaryText(summary: WrittenSummary): string {
  const [name, shape, parameters, connections] = summary.showsConnections ? widthsWithConnections : widths;
  const columns = [
    { title: "Layer (type)", width: name },
    { title: "Output Shape", width: shape },
    { title: "Param #", width: parameters, right: true },
    ...(connections === undefined ? [] : [{ title: "Connected to", width: connections }]),
  ];
  const rows = rowsOf(summary.layers, summary.expands).map(({ layer, level }) =>
    [
      `${level === 0 ? "" : `${"   ".repeat(level)}└ `}${nameOf(layer)}`,
      writeShape(layer.outputShape),
      writeCount(layer.parameters),
      connectionsOf(layer),
    ].slice(0, columns.length),
  );
  const lines = totals(summary).map(([title, total]) => ` ${title}: ${total}`);
  return [`Model: "${summary.name}"`, boxTable(columns, rows), ...lines].join("\n");
}

/** A summary as a table in the notebook's own style, and as text. */
export function summaryBundle(summary: WrittenSummary): MimeBundle {
  const rows = rowsOf(summary.layers, summary.expands);
  const columns = {
    // Spaces in front, as in the text, would be lost.
    "Layer (type)": rows.map(({ layer, level }) => `${"└ ".repeat(level)}${nameOf(layer)}`),
    "Output Shape": rows.map(({ layer }) => writeShape(layer.outputShape)),
    "Param #": rows.map(({ layer }) => layer.parameters),
    ...(summary.showsConnections ? { "Connected to": rows.map(({ layer }) => connectionsOf(layer)) } : {}),
  };
  const { "text/html": html, "text/markdown": markdown } = tableBundle(columns, {
    caption: `Model: ${summary.name}`,
    head: rows.length,
    details: false,
    format: { "Param #": (count) => writeCount(Number(count)) },
  });
  const lines = totals(summary);
  return {
    "text/html": [
      html,
      ...lines.map(([title, total]) => `<div><b>${title}:</b> ${escapeHtml(total)}</div>`),
    ].join("\n"),
    "text/markdown": [markdown, "", ...lines.map(([title, total]) => `**${title}:** ${total}  `)].join("\n"),
    "text/plain": summaryText(summary),
  };
}

function rowsOf(layers: readonly LayerSummary[], expands: boolean, level = 0): Row[] {
  return layers.flatMap((layer) => [
    { layer, level },
    ...(expands && layer.layers ? rowsOf(layer.layers, expands, level + 1) : []),
  ]);
}

function nameOf({ name, type }: LayerSummary): string {
  return `${name} (${type})`;
}

function connectionsOf({ connectedTo }: LayerSummary): string {
  return connectedTo.join(", ") || "-";
}

function writeShape(shape: LayerSummary["outputShape"]): string {
  if (shape.some((part) => Array.isArray(part)))
    return `[${(shape as readonly Shape[]).map(writeShape).join(", ")}]`;
  return `(${shape.map((size) => size ?? "None").join(", ")})`;
}

function writeCount(count: number): string {
  return count.toLocaleString("en");
}

function totals(summary: WrittenSummary): [title: string, total: string][] {
  const write = (count: number) => `${writeCount(count)} (${memory(4 * count)})`;
  return [
    ["Total params", write(summary.parameters)],
    ["Trainable params", write(summary.trainable)],
    ["Non-trainable params", write(summary.nonTrainable)],
    ...(summary.trainingStep ? [["Training step", stepText(summary.trainingStep)] as [string, string]] : []),
  ];
}

function stepText(step: StepReport): string {
  return step.compiled ? "one op" : `op by op (${step.reason})`;
}

function memory(bytes: number): string {
  const power = Math.min(bytes === 0 ? 0 : Math.floor(Math.log2(bytes) / 10), 4);
  return `${(bytes / 1024 ** power).toFixed(2)} ${["B", "KB", "MB", "GB", "TB"][power]}`;
}
