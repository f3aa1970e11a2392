import { AdditiveAttention, Attention } from "../../layers/attention.js";
import { channelwiseConvs } from "../../layers/channelwise-convs.js";
import { Conv1D } from "../../layers/conv-1d.js";
import { Conv2D } from "../../layers/conv-2d.js";
import { ConvLSTM2D } from "../../layers/conv-lstm-2d.js";
import { convTransposes } from "../../layers/conv-transpose.js";
import { ELU } from "../../layers/elu.js";
import { GetItem } from "../../layers/get-item.js";
import { GlobalAveragePooling1D } from "../../layers/global-average-pooling-1d.js";
import { GroupNormalization } from "../../layers/group-normalization.js";
import { Hashing } from "../../layers/hashing.js";
import { layers } from "../../layers/index.js";
import { LeakyReLU } from "../../layers/leaky-relu.js";
import { IntegerLookup, StringLookup } from "../../layers/lookup.js";
import { mapLayers } from "../../layers/map-layers.js";
import { mergingLayers } from "../../layers/merging.js";
import { MultiHeadAttention } from "../../layers/multi-head-attention.js";
import { Normalization } from "../../layers/normalization.js";
import { StackedRNNCells } from "../../layers/recurrent-cells.js";
import { ReLU } from "../../layers/relu.js";
import { RMSNormalization } from "../../layers/rms-normalization.js";
import { Softmax } from "../../layers/softmax-layer.js";
import { TextVectorizationLayer } from "../../layers/text-vectorization-layer.js";
import * as tf from "../../tensorflow.js";
import { cellPlaces, projectionPlaces } from "./weight-places.js";

/** A layer that Keras and TensorFlow.js both have, as the two files say it. */
export interface SharedLayer {
  /** Makes the layer from arguments in camelCase. */
  readonly make: (args: never) => tf.layers.Layer;
  /** Keras's names of the arguments that count */
  readonly fields: readonly string[];
  /** Older names of Keras's for some of them */
  readonly older?: Readonly<Record<string, string>>;
  /** What arguments without a counterpart in TensorFlow.js must be, besides missing, null or false */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** What else it says, of how it was made */
  readonly ignored?: readonly string[];
  /** Where its weights lie in a .keras file, below the layer's own place: in a group, or each by itself */
  readonly weights?:
    | "vars"
    | "cell/vars"
    | ((layer: tf.layers.Layer, isKeras2: boolean) => readonly string[]);
  /** What a call may name besides the inputs: further inputs, in their order, and switches */
  readonly calledWith?: { readonly tensors?: readonly string[]; readonly flags: readonly string[] };
  /** What becomes of a mask: it goes on, also with those of other inputs, or the numbers would differ from Keras's; unless given, it ends */
  readonly mask?: "keeps" | "merges" | "refuses";
  /** Whether Keras 3 has it no more: then it is read, and not written */
  readonly onlyRead?: true;
}

const weighted = (...names: string[]) =>
  names.flatMap((name) => [`${name}_initializer`, `${name}_regularizer`, `${name}_constraint`]);
const dense = ["activation", "use_bias", ...weighted("kernel", "bias"), "activity_regularizer"];
const cell = [
  ...["units", "activation", "use_bias", ...weighted("kernel", "recurrent", "bias")],
  ...["dropout", "recurrent_dropout", "seed"],
];
const running = [
  ...["activity_regularizer", "return_sequences", "return_state", "go_backwards", "stateful", "unroll"],
  "zero_output_for_mask",
];
const recurrent = [...cell, ...running];
const normalization = ["axis", "epsilon", "center", "scale", ...weighted("beta", "gamma")];
/** Keras saves the weights with what was learned beside them added. */
const lora = ["lora_rank", "lora_alpha"];
const channelsLast = { data_format: "channels_last" };
const pool = { fields: ["pool_size", "strides", "padding"], fixed: channelsLast };
const pool2d = { fields: [...pool.fields, "data_format"] };
const vocabulary = [
  ...["output_mode", "max_tokens", "pad_to_max_tokens", "vocabulary", "vocabulary_size", "idf_weights"],
];
const lookup = {
  fields: ["mask_token", "oov_token", "num_oov_indices", ...vocabulary],
  fixed: { encoding: "utf-8", oov_method: "floormod", vocabulary_dtype: "int64" },
};
const attending = ["use_causal_mask", "return_attention_scores"];
const merge = (name: string) =>
  ({
    make: (args: never) => new (mergingLayers[name] as new (args: never) => tf.layers.Layer)(args),
    fields: name === "Concatenate" ? ["axis"] : [],
    mask: "merges",
  }) as const;

const map = (
  name: keyof typeof mapLayers,
  fields: readonly string[],
  rest: Partial<SharedLayer> = {},
): SharedLayer => ({
  make: (args: never) => new mapLayers[name](args),
  fields,
  ...rest,
});

const convolving = ["kernel_size", "strides", "padding", "dilation_rate"];
const convolved = { fixed: { ...channelsLast, groups: 1 }, weights: "vars" } as const;
const transposed = (name: keyof typeof convTransposes): SharedLayer => ({
  make: (args: never) => new convTransposes[name](args),
  fields: ["filters", ...convolving, "output_padding", ...dense],
  ...convolved,
});
const channelwise = (name: keyof typeof channelwiseConvs): SharedLayer => ({
  make: (args: never) => new channelwiseConvs[name](args),
  fields: [
    ...(name.startsWith("Separable") ? ["filters", ...weighted("pointwise")] : []),
    ...[...convolving, "depth_multiplier", "activation", "use_bias", ...weighted("depthwise", "bias")],
    "activity_regularizer",
  ],
  // Of plain convolutions, which these extend in Keras 2
  ignored: weighted("kernel"),
  ...convolved,
});

/** Which cells RNN may have. */
export const sharedCells: Readonly<Record<string, SharedLayer>> = {
  SimpleRNNCell: { make: layers.simpleRNNCell, fields: cell },
  LSTMCell: { make: layers.lstmCell, fields: [...cell, "recurrent_activation", "unit_forget_bias"] },
  GRUCell: { make: layers.gruCell, fields: [...cell, "recurrent_activation", "reset_after"] },
  StackedRNNCells: { make: (args: never) => new StackedRNNCells(args), fields: ["cells"] },
};

/** Which layers are read and written, by Keras's class. */
export const sharedLayers: Readonly<Record<string, SharedLayer>> = {
  Embedding: {
    make: layers.embedding,
    fields: ["input_dim", "output_dim", ...weighted("embeddings"), "mask_zero", "activity_regularizer"],
    ignored: lora,
    weights: "vars",
  },
  Masking: { make: layers.masking, fields: ["mask_value"] },
  SimpleRNN: { make: layers.simpleRNN, fields: recurrent, weights: "cell/vars" },
  LSTM: {
    make: layers.lstm,
    fields: [...recurrent, "recurrent_activation", "unit_forget_bias"],
    weights: "cell/vars",
  },
  GRU: {
    make: layers.gru,
    fields: [...recurrent, "recurrent_activation", "reset_after"],
    weights: "cell/vars",
  },
  RNN: {
    make: layers.rnn,
    fields: ["cell", ...running],
    fixed: { time_major: false },
    weights: (layer) => cellPlaces(layer as tf.RNN),
  },
  Bidirectional: {
    make: layers.bidirectional,
    fields: ["merge_mode", "layer", "backward_layer", "activity_regularizer"],
  },
  TimeDistributed: { make: layers.timeDistributed, fields: ["layer", "activity_regularizer"], mask: "keeps" },
  Dense: { make: layers.dense, fields: ["units", ...dense], ignored: lora, weights: "vars", mask: "keeps" },
  Activation: { make: tf.layers.activation, fields: ["activation"], mask: "keeps" },
  Dropout: { make: layers.dropout, fields: ["rate", "noise_shape", "seed"], mask: "keeps" },
  SpatialDropout1D: { make: tf.layers.spatialDropout1d, fields: ["rate", "seed"], mask: "keeps" },
  GaussianNoise: { make: tf.layers.gaussianNoise, fields: ["stddev", "seed"], mask: "keeps" },
  BatchNormalization: {
    make: tf.layers.batchNormalization,
    fields: [
      ...[...normalization, "momentum"],
      ...["moving_mean_initializer", "moving_variance_initializer"],
    ],
    fixed: { renorm_momentum: 0.99 },
    weights: "vars",
    mask: "keeps",
  },
  LayerNormalization: {
    make: tf.layers.layerNormalization,
    fields: normalization,
    weights: "vars",
    mask: "keeps",
  },
  GroupNormalization: {
    make: (args: never) => new GroupNormalization(args),
    fields: ["groups", ...normalization],
    weights: "vars",
    mask: "keeps",
  },
  RMSNormalization: {
    make: (args: never) => new RMSNormalization(args),
    fields: ["axis", "epsilon"],
    weights: "vars",
  },
  ConvLSTM2D: {
    make: (args: never) => new ConvLSTM2D(args),
    fields: [
      ...["filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate"],
      ...recurrent.filter(
        (field) => !["units", "activity_regularizer", "zero_output_for_mask"].includes(field),
      ),
      ...["recurrent_activation", "unit_forget_bias"],
    ],
    weights: "cell/vars",
  },
  Conv1D: {
    make: (args: never) => new Conv1D(args),
    fields: ["filters", ...convolving, ...dense],
    ...convolved,
  },
  Conv1DTranspose: transposed("Conv1DTranspose"),
  DepthwiseConv1D: channelwise("DepthwiseConv1D"),
  SeparableConv1D: channelwise("SeparableConv1D"),
  MaxPooling1D: { make: tf.layers.maxPooling1d, ...pool },
  AveragePooling1D: { make: tf.layers.averagePooling1d, ...pool },
  GlobalMaxPooling1D: map("GlobalMaxPooling1D", ["keepdims"], { fixed: channelsLast }),
  GlobalAveragePooling1D: {
    make: (args: never) => new GlobalAveragePooling1D(args),
    fields: ["keepdims"],
    fixed: channelsLast,
  },
  Conv2D: {
    make: (args: never) => new Conv2D(args),
    fields: ["filters", ...convolving, ...dense],
    ...convolved,
  },
  Conv2DTranspose: transposed("Conv2DTranspose"),
  DepthwiseConv2D: channelwise("DepthwiseConv2D"),
  SeparableConv2D: channelwise("SeparableConv2D"),
  MaxPooling2D: { make: tf.layers.maxPooling2d, ...pool2d },
  AveragePooling2D: { make: tf.layers.averagePooling2d, ...pool2d },
  GlobalMaxPooling2D: map("GlobalMaxPooling2D", ["keepdims"], { fixed: channelsLast }),
  GlobalAveragePooling2D: map("GlobalAveragePooling2D", ["keepdims"], { fixed: channelsLast }),
  ZeroPadding1D: map("ZeroPadding1D", ["padding"], { fixed: channelsLast }),
  ZeroPadding2D: map("ZeroPadding2D", ["padding"], { fixed: channelsLast }),
  Cropping1D: map("Cropping1D", ["cropping"]),
  Cropping2D: map("Cropping2D", ["cropping"], { fixed: channelsLast }),
  UpSampling1D: map("UpSampling1D", ["size"]),
  UpSampling2D: map("UpSampling2D", ["size", "interpolation"], { fixed: channelsLast }),
  Rescaling: map("Rescaling", ["scale", "offset"], { mask: "keeps" }),
  Identity: map("Identity", [], { mask: "keeps" }),
  UnitNormalization: map("UnitNormalization", ["axis"], { mask: "keeps" }),
  ThresholdedReLU: map("ThresholdedReLU", ["theta"], { mask: "keeps", onlyRead: true }),
  CategoryEncoding: map("CategoryEncoding", ["num_tokens", "output_mode"]),
  Discretization: map("Discretization", ["bin_boundaries", "output_mode"], {
    ignored: ["num_bins", "epsilon"],
  }),
  Flatten: map("Flatten", ["data_format"]),
  RepeatVector: { make: tf.layers.repeatVector, fields: ["n"] },
  Reshape: { make: tf.layers.reshape, fields: ["target_shape"] },
  Permute: { make: tf.layers.permute, fields: ["dims"] },
  Concatenate: merge("Concatenate"),
  Add: merge("Add"),
  Multiply: merge("Multiply"),
  Average: merge("Average"),
  Maximum: merge("Maximum"),
  Minimum: merge("Minimum"),
  Subtract: merge("Subtract"),
  Attention: {
    make: (args: never) => new Attention(args),
    fields: ["use_scale", "score_mode", "dropout", "seed"],
    weights: "vars",
    calledWith: { flags: attending },
    mask: "keeps",
  },
  AdditiveAttention: {
    make: (args: never) => new AdditiveAttention(args),
    fields: ["use_scale", "dropout", "seed"],
    weights: "vars",
    calledWith: { flags: attending },
    mask: "keeps",
  },
  MultiHeadAttention: {
    make: (args: never) => new MultiHeadAttention(args),
    fields: [
      ...["num_heads", "key_dim", "value_dim", "output_shape", "use_bias", "dropout", "seed"],
      ...weighted("kernel", "bias"),
    ],
    fixed: { attention_axes: [1] },
    weights: projectionPlaces,
    calledWith: { tensors: ["value", "key", "attention_mask"], flags: attending },
    mask: "keeps",
  },
  TextVectorization: {
    make: (args: never) => new TextVectorizationLayer(args),
    fields: [...["standardize", "split", "ngrams", "output_sequence_length"], ...vocabulary],
    fixed: { encoding: "utf-8" },
  },
  StringLookup: { make: (args: never) => new StringLookup(args), ...lookup },
  IntegerLookup: { make: (args: never) => new IntegerLookup(args), ...lookup },
  Dot: { make: tf.layers.dot, fields: ["axes", "normalize"] },
  ReLU: {
    make: (args: never) => new ReLU(args),
    fields: ["max_value", "negative_slope", "threshold"],
    mask: "keeps",
  },
  LeakyReLU: {
    make: (args: never) => new LeakyReLU(args),
    fields: ["negative_slope"],
    older: { alpha: "negative_slope" },
    mask: "keeps",
  },
  ELU: { make: (args: never) => new ELU(args), fields: ["alpha"], mask: "keeps" },
  PReLU: {
    make: tf.layers.prelu,
    fields: [...weighted("alpha"), "shared_axes"],
    weights: "vars",
    mask: "keeps",
  },
  // Keras takes a mask of steps for one of features, or refuses it by its shape.
  Softmax: { make: (args: never) => new Softmax(args), fields: ["axis"], mask: "refuses" },
  SpatialDropout2D: map("SpatialDropout2D", ["rate", "seed"], { fixed: channelsLast, mask: "keeps" }),
  Hashing: { make: (args: never) => new Hashing(args), fields: ["num_bins", "mask_value", "output_mode"] },
  GaussianDropout: { make: tf.layers.gaussianDropout, fields: ["rate", "seed"], mask: "keeps" },
  AlphaDropout: { make: tf.layers.alphaDropout, fields: ["rate", "seed"], mask: "keeps" },
  Normalization: {
    make: (args: never) => new Normalization(args),
    fields: ["axis", "mean", "variance", "invert"],
    weights: "vars",
    mask: "keeps",
  },
  GetItem: { make: (args: never) => new GetItem(args), fields: ["key"] },
};
