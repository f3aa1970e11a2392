import { describeTensor, type Tensor } from "./tensors.js";
import { type Class, defineView } from "./view.js";

type Shape = readonly (number | null)[];

interface Layer {
  readonly name: string;
  readonly outputShape: Shape | readonly Shape[];
  readonly nonTrainableWeights: readonly { readonly shape: readonly number[] }[];
  getClassName(): string;
  countParams(): number;
}

interface Model extends Layer {
  readonly layers: readonly Layer[];
}

interface SymbolicTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
}

interface LayerVariable {
  readonly name: string;
  readonly trainable: boolean;
  readonly shape: readonly number[];
  read(): Tensor;
}

interface LayersLibrary {
  readonly layers?: { readonly Layer?: Class<Layer> };
  readonly LayersModel?: Class<Model>;
  readonly SymbolicTensor?: Class<SymbolicTensor>;
  readonly LayerVariable?: Class<LayerVariable>;
}

/** `[batch, 10, 1]`: the size of a batch is not known before there is one. */
function writeShape(shape: Shape | readonly Shape[]): string {
  if (shape.some(Array.isArray)) return (shape as readonly Shape[]).map(writeShape).join(", ");
  return `[${shape.map((size) => size ?? "batch").join(", ")}]`;
}

const counted = (count: number, name: string): string =>
  `${count.toLocaleString("en-US")} ${name}${count === 1 ? "" : "s"}`;

/** What a layer has only once it is built, that is, since it has been given an input. */
function builtParts(layer: Layer): { readonly shape: string; readonly parameters: number } | undefined {
  try {
    return { shape: writeShape(layer.outputShape), parameters: layer.countParams() };
  } catch {
    return undefined;
  }
}

function describeLayer(layer: Layer): string {
  const title = `${layer.getClassName()} "${layer.name}"`;
  const built = builtParts(layer);
  if (built === undefined) return `${title} (not built)`;
  return `${title} → ${built.shape}, ${counted(built.parameters, "parameter")}`;
}

function describeModel(model: Model, nested: boolean): string {
  const title = `${model.getClassName()} "${model.name}"`;
  const layers = model.layers.map((layer) => ({ layer, built: builtParts(layer) }));
  const total = layers.reduce((sum, { built }) => sum + (built?.parameters ?? 0), 0);
  const unbuilt = layers.length === 0 || layers.some(({ built }) => built === undefined);
  const size = unbuilt ? "not built" : counted(total, "parameter");
  if (nested) return `${title} (${counted(layers.length, "layer")}, ${size})`;
  const rows = [
    ["layer", "output shape", "parameters"] as const,
    ...layers.map(({ layer, built }) => {
      const parameters = built?.parameters.toLocaleString("en-US") ?? "";
      return [`${layer.name} (${layer.getClassName()})`, built?.shape ?? "not built", parameters] as const;
    }),
  ];
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  const table = rows.map(
    ([layer, shape, parameters]) =>
      `  ${layer.padEnd(width(0))}  ${shape.padEnd(width(1))}  ${parameters.padStart(width(2))}`,
  );
  const fixed = unbuilt ? 0 : fixedParameters(model);
  const note = fixed === 0 ? "" : `, ${fixed.toLocaleString("en-US")} of them not trainable`;
  return [title, ...table.map((line) => line.trimEnd()), `  ${size}${note}`].join("\n");
}

const fixedParameters = (model: Model): number =>
  model.nonTrainableWeights.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);

/** Gives the values of a copy of tfjs-layers their views. */
export function defineLayerViews({
  layers,
  LayersModel,
  SymbolicTensor,
  LayerVariable,
}: LayersLibrary): void {
  if (layers?.Layer !== undefined) defineView(layers.Layer, describeLayer);
  if (LayersModel !== undefined) defineView(LayersModel, describeModel);
  if (SymbolicTensor !== undefined) {
    defineView(
      SymbolicTensor,
      ({ name, dtype, shape }) => `SymbolicTensor ${writeShape(shape)} ${dtype} "${name}"`,
    );
  }
  if (LayerVariable !== undefined) {
    defineView(LayerVariable, (variable, nested) => {
      const note = ` "${variable.name}"${variable.trainable ? "" : ", not trainable"}`;
      return describeTensor(variable.read(), nested, "LayerVariable", note);
    });
  }
}
