import { requireInteger } from "../arguments.js";
import type { EncodeReviewOptions, WordIndex } from "../datasets/index.js";
import { encodeReview } from "../datasets/index.js";
import { TextVectorizationLayer } from "../layers/text-vectorization-layer.js";
import { type PaddingSide, padSequences, type TextVectorization } from "../preprocessing/index.js";
import * as tf from "../tensorflow.js";
import { kindOf } from "../tfjs/model-graph.js";

/** How texts become the numbers that a model was trained on, and what its outputs are. */
export interface PredictTextOptions extends EncodeReviewOptions {
  /** A vocabulary in mode `"int"`; this or `wordIndex` must be given, unless the model takes texts itself */
  readonly vectorization?: TextVectorization;
  /** The words of IMDB's reviews; the options of `encodeReview` say how they are numbered */
  readonly wordIndex?: WordIndex;
  /** Steps that texts are padded and cut to; the model's fixed length, or else that of each text, unless given */
  readonly maxLength?: number;
  /** Where short texts are filled up; `"post"` for a vectorization, `"pre"` for a word index, unless given */
  readonly padding?: PaddingSide;
  /** Where long texts are cut; as `padding` unless given */
  readonly truncating?: PaddingSide;
  /** Whether the outputs are logits, before the sigmoid or softmax; false unless given */
  readonly fromLogits?: boolean;
  /** Texts in a batch; 32 unless given */
  readonly batchSize?: number;
}

const ACTION = "predict text";

/**
 * Predicts from text with a model that takes the numbers of words, or one that begins with Keras's TextVectorization and
 * takes texts. Texts of different lengths are never padded to each other, so that a text's prediction does not depend on
 * the texts beside it, with a mask or without.
 *
 * @param model - takes `[batch, time]`, or strings `[batch]` or `[batch, 1]`; gives `[batch, classes]`
 * @param text - one text, or a list of texts
 * @param options - the vocabulary, padding, and kind of outputs
 * @returns for one text its probabilities, float32 `[classes]`: one number for a sigmoid, one a class for a softmax; for
 * a list of texts a list of them
 * @throws {RangeError} when there is not one vocabulary, there is no text, a number is beyond the model's embedding, or
 * an output is no probability
 * @throws {TypeError} when a text is no string
 * @example
 * ```ts
 * import { layers, tf } from "rnnlab";
 * import { predictText } from "rnnlab/models";
 * import { TextVectorization } from "rnnlab/preprocessing";
 * const vectorization = new TextVectorization().adapt(["a good film", "a bad film"]);
 * const model = tf.sequential({
 *   layers: [
 *     layers.embedding({ inputDim: vectorization.vocabulary.length, outputDim: 4, maskZero: true, inputShape: [null] }),
 *     layers.gru({ units: 4 }),
 *     layers.dense({ units: 1, activation: "sigmoid" }),
 *   ],
 * });
 * const [probability = 0] = await predictText(model, "A good film!", { vectorization });
 * console.log(probability > 0 && probability < 1); // true
 * ```
 */
export async function predictText(
  model: tf.LayersModel,
  text: string,
  options?: PredictTextOptions,
): Promise<Float32Array>;
export async function predictText(
  model: tf.LayersModel,
  text: readonly string[],
  options?: PredictTextOptions,
): Promise<Float32Array[]>;
export async function predictText(
  model: tf.LayersModel,
  text: string | readonly string[],
  options: PredictTextOptions = {},
): Promise<Float32Array | Float32Array[]> {
  const texts = typeof text === "string" ? [text] : text;
  if (!Array.isArray(texts) || texts.some((each) => typeof each !== "string")) {
    throw new TypeError(`Cannot ${ACTION}: text must be a string or a list of strings, got something else`);
  }
  const { batchSize = 32, fromLogits = false } = options;
  if (texts.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be at least one text, got none`);
  requireInteger(ACTION, "batchSize", batchSize, 1);
  const { lengths, batch } = takesTexts(model)
    ? wholeTexts(model, texts, options)
    : encodedTexts(model, texts, options);
  const results = new Array<Float32Array>(texts.length);
  for (const places of batches(lengths, batchSize)) {
    const outputs = await predict(model, () => batch(places), fromLogits);
    places.forEach((place, i) => {
      results[place] = outputs[i] ?? new Float32Array();
    });
  }
  const [first] = results;
  return typeof text === "string" && first !== undefined ? first : results;
}

/** What a model is fed with. */
interface Rows {
  /** How long each is, for those of one length go together */
  readonly lengths: readonly number[];
  /** Makes a batch of those at some places */
  readonly batch: (places: readonly number[]) => tf.Tensor;
}

function takesTexts(model: tf.LayersModel): boolean {
  return model.inputs[0]?.dtype === "string";
}

/** Texts as they are, for a model that reads them itself. */
function wholeTexts(model: tf.LayersModel, texts: readonly string[], options: PredictTextOptions): Rows {
  const { vectorization, wordIndex } = options;
  if (vectorization !== undefined || wordIndex !== undefined) {
    throw new RangeError(
      `Cannot ${ACTION}: vectorization and wordIndex must not be given to a model that takes texts, got ${vectorization ? "a vectorization" : "a wordIndex"}`,
    );
  }
  const [first] = model.layers.filter((layer) => layer instanceof TextVectorizationLayer);
  const isPadded = first && first.getConfig().outputMode === "int" && first.getConfig().split !== null;
  const rank = model.inputs[0]?.shape.length ?? 2;
  return {
    lengths: texts.map((text) => (isPadded ? first.vectorization.encode(text).length : 0)),
    batch: (places) =>
      tf.tensor(
        places.map((place) => texts[place] ?? ""),
        rank === 1 ? [places.length] : [places.length, 1],
        "string",
      ),
  };
}

function encodedTexts(model: tf.LayersModel, texts: readonly string[], options: PredictTextOptions): Rows {
  const rows = encode(model, texts, options);
  requireEmbedded(model, rows);
  return {
    lengths: rows.map(({ length }) => length),
    batch: (places) => {
      const found = places.map((place) => rows[place] ?? new Int32Array());
      const time = found[0]?.length ?? 0;
      return tf.tensor2d(Int32Array.from(found.flatMap((row) => [...row])), [found.length, time], "int32");
    },
  };
}

function encode(model: tf.LayersModel, texts: readonly string[], options: PredictTextOptions): Int32Array[] {
  const { vectorization, wordIndex } = options;
  if ((vectorization === undefined) === (wordIndex === undefined)) {
    throw new RangeError(
      `Cannot ${ACTION}: there must be a vectorization or a wordIndex, got ${vectorization ? "both" : "neither"}`,
    );
  }
  const fixed = model.inputs[0]?.shape[1] ?? undefined;
  const side = wordIndex === undefined ? "post" : "pre";
  const { padding = side, truncating = padding, maxLength = fixed } = options;
  return texts.map((text) => {
    const numbers = wordIndex ? encodeReview(text, wordIndex, options) : vectorization?.encode(text);
    const sequence = numbers ?? new Int32Array();
    // A text without a word is one step of padding, since there are no sequences of no steps.
    return padSequences([sequence], {
      maxLength: maxLength ?? Math.max(1, sequence.length),
      padding,
      truncating,
    }).values;
  });
}

/** Which rows go together: those of one length. */
function batches(lengths: readonly number[], batchSize: number): number[][] {
  const byLength = new Map<number, number[]>();
  lengths.forEach((length, place) => {
    byLength.set(length, [...(byLength.get(length) ?? []), place]);
  });
  return [...byLength.values()].flatMap((places) =>
    Array.from({ length: Math.ceil(places.length / batchSize) }, (_, i) =>
      places.slice(i * batchSize, (i + 1) * batchSize),
    ),
  );
}

function requireEmbedded(model: tf.LayersModel, rows: readonly Int32Array[]): void {
  const embedding = model.layers.find((layer) => kindOf(layer) === "Embedding");
  const inputDim = embedding?.getConfig().inputDim;
  if (typeof inputDim !== "number") return;
  const greatest = rows.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0);
  if (greatest < inputDim) return;
  throw new RangeError(
    `Cannot ${ACTION}: numbers of words must be below ${inputDim}, the model's embedding, got ${greatest}; give the vocabulary that the model was trained with (numWords for a word index)`,
  );
}

async function predict(
  model: tf.LayersModel,
  batch: () => tf.Tensor,
  fromLogits: boolean,
): Promise<Float32Array[]> {
  const outputs = tf.tidy(() => {
    const inputs = batch();
    // predict() gives a list of texts an axis of its own.
    const output = inputs.rank === 1 ? (model.apply(inputs) as tf.Tensor) : model.predict(inputs);
    if (Array.isArray(output) || output.rank !== 2) {
      throw new RangeError(
        `Cannot ${ACTION}: the model must have one output [batch, classes], got ${[output].flat().map(({ shape }) => `[${shape.join(", ")}]`)}`,
      );
    }
    if (!fromLogits) return output;
    return output.shape[1] === 1 ? tf.sigmoid(output) : tf.softmax(output as tf.Tensor2D);
  });
  const values = Float32Array.from(await outputs.data());
  const classes = outputs.shape[1] ?? 1;
  outputs.dispose();
  const odd = values.find((value) => !(value >= 0 && value <= 1));
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot ${ACTION}: outputs must be probabilities from 0 to 1, got ${odd}; say fromLogits: true if the model ends without sigmoid or softmax`,
    );
  }
  return Array.from({ length: values.length / classes }, (_, i) =>
    values.slice(i * classes, (i + 1) * classes),
  );
}
