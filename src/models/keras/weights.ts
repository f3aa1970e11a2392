import { setExactly } from "../../layers/constraints.js";
import { IntegerLookup, StringLookup } from "../../layers/lookup.js";
import { TextVectorizationLayer } from "../../layers/text-vectorization-layer.js";
import * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";
import type { Hdf5File, Values } from "./hdf5.js";
import { sharedLayers } from "./keras-layers.js";
import { ofLayer, type Refuse } from "./refusal.js";
import { numbered } from "./weight-places.js";

type Wrapper = tf.layers.Layer & { readonly layer: tf.layers.Layer };
type TwoWay = tf.layers.Layer & {
  readonly forwardLayer: tf.layers.Layer;
  readonly backwardLayer: tf.layers.Layer;
};

/** How versions of Keras name the layers of a model in files. */
interface LayerNaming {
  /** The group that they are in */
  readonly group: string;
  /** Whether numbers count layers with weights twice, as Keras 2.13 does */
  readonly isTwice?: boolean;
  /** Whether parts of layers have Keras 2's names */
  readonly isKeras2?: boolean;
}
const current: LayerNaming = { group: "layers" };
/** Of Keras 2.12, 2.15 and later ones of 2 */
const keras2: LayerNaming = { group: "layers", isKeras2: true };
/** Of Keras 2.14 and 2.13 */
const former: readonly LayerNaming[] = [
  { group: "_layer_checkpoint_dependencies", isKeras2: true },
  { group: "_layer_checkpoint_dependencies", isKeras2: true, isTwice: true },
];

/** Where Keras keeps each layer of a model in files: by the classes of the layers, in their order. */
function layerPlaces(model: tf.LayersModel, layout: LayerNaming): [place: string, layer: tf.layers.Layer][] {
  const places: [string, tf.layers.Layer][] = [];
  const visited = new Set<tf.layers.Layer>();
  const visit = (layer: tf.layers.Layer, place: string): void => {
    // As in Keras, what is used in two places lies in the first.
    if (visited.has(layer)) return;
    visited.add(layer);
    if (isModel(layer)) {
      for (const [name, inner] of namedLayers(layer, layout))
        visit(inner, join(place, `${layout.group}/${name}`));
      return;
    }
    const kind = kindOf(layer);
    if (kind === "Bidirectional") {
      visit((layer as TwoWay).forwardLayer, `${place}/forward_layer`);
      visit((layer as TwoWay).backwardLayer, `${place}/backward_layer`);
    } else if (kind === "TimeDistributed") visit((layer as Wrapper).layer, `${place}/layer`);
    else places.push([place, layer]);
  };
  visit(model, "");
  return places;
}

/** A weight with the layer, or model, that has it. */
interface Owned {
  readonly weight: tf.LayerVariable;
  readonly layer: tf.layers.Layer;
}

/** Where Keras keeps each weight. */
function weightPlaces(model: tf.LayersModel, layout: LayerNaming = current): Map<string, Owned> {
  const places = new Map<string, Owned>();
  for (const [place, layer] of layerPlaces(model, layout)) {
    const where = sharedLayers[kindOf(layer)]?.weights ?? "vars";
    const each = typeof where === "string" ? undefined : where(layer, layout.isKeras2 ?? false);
    layer.weights.forEach((weight, i) => {
      places.set(`${place}/${each?.[i] ?? `${where}/${i}`}`, { weight, layer });
    });
  }
  return places;
}

/** Tells layers that look tokens up in a vocabulary. */
function isReader(layer: tf.layers.Layer): layer is StringLookup | IntegerLookup | TextVectorizationLayer {
  return [StringLookup, IntegerLookup, TextVectorizationLayer].some((kind) => layer instanceof kind);
}

/**
 * Gives layers that look tokens up what a `.keras` file has for them: vocabularies that do not stand in the configuration,
 * and weights of tokens.
 *
 * @param model - a built model
 * @param file - its weights
 * @param asset - gives the text of a file by its place in the archive, undefined if there is none
 * @param refuse - throws the error that names the file
 * @throws {RangeError} when a layer is left without vocabulary
 */
export async function readVocabularies(
  model: tf.LayersModel,
  file: Hdf5File,
  asset: (place: string) => Promise<string | undefined>,
  refuse: Refuse,
): Promise<void> {
  for (const [place, layer] of layerPlaces(model, layoutOf(model, file))) {
    if (!isReader(layer)) continue;
    const refuseIt = ofLayer(refuse, kindOf(layer), layer.name);
    const weights = `${place}/vars/idf_weights`;
    const [count] = (layer.isWeighted && file.shape(weights)) || [];
    // Where the configuration has a vocabulary, too, Keras takes these weights for it.
    if (layer.hasVocabulary && count === undefined) continue;
    const tokens = layer.hasVocabulary ? layer.vocabulary : await readTokens(layer, place, asset, refuseIt);
    const idf = layer.isWeighted ? [...file.read(weights, [count ?? 0])].slice(0, tokens.length) : undefined;
    try {
      layer.setVocabulary(tokens as string[], idf);
    } catch (cause) {
      refuseIt(`it must have a vocabulary that it can use, got another: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
}

async function readTokens(
  layer: tf.layers.Layer,
  place: string,
  asset: (place: string) => Promise<string | undefined>,
  refuseIt: Refuse,
): Promise<readonly (string | number)[]> {
  const text = await asset(`assets/${place}/vocabulary.txt`);
  if (text === undefined)
    return refuseIt("it must have its vocabulary in the file, got none, as in .h5 files", {
      help: "save the model as .keras, or give the layer its vocabulary as an option",
    });
  const lines = text.replace(/\n+$/, "").split("\n");
  return layer instanceof IntegerLookup ? lines.map(Number) : lines;
}

/**
 * Gives a model the weights of a file.
 *
 * @param model - a built model
 * @param file - as Keras 3 or, with names of layers, Keras 2 writes it
 * @param refuse - throws the error that names the file
 * @throws {RangeError} when a weight is missing, of another shape, or not of this model; the model is then as it was
 */
export function readWeights(model: tf.LayersModel, file: Hdf5File, refuse: Refuse): void {
  const places = file.hasAttribute("layer_names")
    ? namedPlaces(model, file, "", refuse)
    : file.has("model_weights")
      ? namedPlaces(model, file, "model_weights", refuse)
      : numberedPlaces(model, file, refuse);
  // All are read before the first is set: a file that is cut off must not leave half a model behind.
  const read = [...places].map(
    ([place, { weight, layer }]) =>
      [
        weight,
        file.read(place, weight.shape as number[], `${kindOf(layer)} ("${layer.name}"): ${place}`),
      ] as const,
  );
  for (const [weight, values] of read) {
    const tensor = tf.tensor(values, weight.shape as number[]);
    setExactly(weight, tensor);
    tensor.dispose();
  }
}

/** The values of a model's weights by their place in an HDF5 file of Keras 3. */
export async function weightValues(model: tf.LayersModel): Promise<Map<string, Values>> {
  const values = new Map<string, Values>();
  for (const [place, { weight }] of weightPlaces(model)) {
    const tensor = weight.read();
    values.set(place, { values: Float32Array.from(await tensor.data()), shape: tensor.shape });
  }
  // Keras asks for these, though they stand in the configuration, too.
  for (const [place, layer] of layerPlaces(model, current)) {
    const idf = isReader(layer) ? layer.idfWeights : undefined;
    if (idf === undefined) continue;
    const inner = layer instanceof TextVectorizationLayer ? [`${place}/_lookup_layer`] : [];
    for (const group of [place, ...inner])
      values.set(`${group}/vars/idf_weights`, { values: idf, shape: [idf.length] });
  }
  return values;
}

/** The layers of a model under the names that Keras 3 gives them in files. */
function namedLayers(
  model: tf.LayersModel,
  { isTwice }: LayerNaming,
): [name: string, layer: tf.layers.Layer][] {
  const layers = model.layers.filter((layer) => kindOf(layer) !== "InputLayer");
  const names = numbered(layers.map(kindOf), (i) =>
    isTwice && (layers[i]?.weights.length ?? 0) > 0 ? 2 : 1,
  );
  return layers.map((layer, i) => [names[i] as string, layer]);
}

function join(place: string, name: string): string {
  return place === "" ? name : `${place}/${name}`;
}

/** How a file names the layers of a model. */
function layoutOf(model: tf.LayersModel, file: Hdf5File): LayerNaming {
  const isFormer = former.some(({ group }) => file.names(group).length > 0);
  // Keras 2.13 and 2.14 differ where a model has several layers of a class.
  const layouts = isFormer ? former : [current, keras2];
  const fits = (layout: LayerNaming) =>
    [...weightPlaces(model, layout).keys()].every((place) => file.has(place));
  return layouts.find(fits) ?? layouts[0] ?? current;
}

function numberedPlaces(model: tf.LayersModel, file: Hdf5File, refuse: Refuse): Map<string, Owned> {
  const layout = layoutOf(model, file);
  const places = weightPlaces(model, layout);
  const known = new Set(namedLayers(model, layout).map(([name]) => name));
  const foreign = file
    .names(layout.group)
    .find(
      (name) =>
        !known.has(name) && !name.startsWith("input_layer") && file.hasWeights(`${layout.group}/${name}`),
    );
  const extra = [...places.keys()]
    .map((place) => place.replace(/\d+$/, (last) => String(Number(last) + 1)))
    .find((place) => !places.has(place) && file.has(place));
  if (foreign === undefined && extra === undefined) return places;
  return refuse(
    `weights must be those of ${model.name}, got ${extra ?? `${layout.group}/${foreign}`} besides`,
  );
}

/** The weights of Keras 2's files, which lie under the names of the layers. */
function namedPlaces(
  model: tf.LayersModel,
  file: Hdf5File,
  root: string,
  refuse: Refuse,
): Map<string, Owned> {
  const found = new Map(
    file.texts(root, "layer_names").map((layer) => {
      const place = join(root, layer);
      return [layer, file.texts(place, "weight_names").map((weight) => `${place}/${weight}`)] as const;
    }),
  );
  const places = new Map<string, Owned>();
  for (const layer of model.layers) {
    const { name, weights } = layer;
    const own = found.get(name) ?? [];
    if (own.length !== weights.length) {
      ofLayer(refuse, kindOf(layer), name)(`it must have ${weights.length} weights, got ${own.length}`);
    }
    own.forEach((place, i) => {
      places.set(place, { weight: weights[i] as tf.LayerVariable, layer });
    });
    found.delete(name);
  }
  const foreign = [...found].find(([, weights]) => weights.length > 0);
  if (foreign === undefined) return places;
  return refuse(`weights must be those of ${model.name}, got ${foreign[0]} besides`);
}
