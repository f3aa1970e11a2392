import type * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";
import { AdditiveAttention, Attention } from "./attention.js";
import "./batch-normalization.js";
import { Bidirectional } from "./bidirectional.js";
import { keepArgumentsApart } from "./call-arguments.js";
import "./masked-models.js";
import { channelwiseConvs } from "./channelwise-convs.js";
import { Conv1D } from "./conv-1d.js";
import { Conv2D } from "./conv-2d.js";
import { ConvLSTM2D } from "./conv-lstm-2d.js";
import { convTransposes } from "./conv-transpose.js";
import { Dense } from "./dense.js";
import "./dispose-model.js";
import { register, type StockRecurrentArgs, stock } from "../tfjs/stock.js";
import { Dropout } from "./dropout.js";
import { ELU } from "./elu.js";
import { Embedding } from "./embedding.js";
import { GetItem } from "./get-item.js";
import { GlobalAveragePooling1D } from "./global-average-pooling-1d.js";
import { GroupNormalization } from "./group-normalization.js";
import { Hashing } from "./hashing.js";
import "./layer-normalization.js";
import { LeakyReLU } from "./leaky-relu.js";
import { IntegerLookup, StringLookup } from "./lookup.js";
import { mapLayers } from "./map-layers.js";
import { mergingLayers } from "./merging.js";
import { MultiHeadAttention } from "./multi-head-attention.js";
import { Normalization } from "./normalization.js";
import { Operation } from "./operation.js";
import { GRUCell, LSTMCell, SimpleRNNCell, StackedRNNCells } from "./recurrent-cells.js";
import { GRU, LSTM, SimpleRNN } from "./recurrent-layers.js";
import { ReLU } from "./relu.js";
import "./reshape.js";
import { RMSNormalization } from "./rms-normalization.js";
import { RNN } from "./rnn.js";
import { Softmax } from "./softmax-layer.js";
import { TextVectorizationLayer } from "./text-vectorization-layer.js";
import { TimeDistributed } from "./time-distributed.js";

// tf.layers.bidirectional() copies its layer through tfjs's registry of what can be loaded. Copies of tfjs's own layers
// stay tfjs's: a configuration remembers where it is from until it is written to a file.
const origin = Symbol("origin");
type Config = tf.serialization.ConfigDict & { readonly [origin]?: unknown };
for (const [Stock, Ours] of [
  [stock.SimpleRNN, SimpleRNN],
  [stock.LSTM, LSTM],
  [stock.GRU, GRU],
] as const) {
  const { getConfig } = Stock.prototype;
  replaceMembers("tfjs's SimpleRNN, LSTM and GRU", Stock.prototype, {
    getConfig() {
      const config = getConfig.call(this);
      return this.constructor === Stock ? Object.assign(config, { [origin]: Stock }) : config;
    },
  });
  const { fromConfig } = Ours;
  Ours.fromConfig = (cls, config: Config) => {
    // What a layer's configuration is, its constructor takes.
    const args: object = config;
    return config[origin] === Stock ? new Stock(args as StockRecurrentArgs) : fromConfig(cls, config);
  };
}

for (const { prototype } of [
  SimpleRNN,
  LSTM,
  GRU,
  RNN,
  ConvLSTM2D,
  Bidirectional,
  GlobalAveragePooling1D,
  Softmax,
])
  keepArgumentsApart(prototype);

// What is loaded from a file, whoever saved it, comes back as one of ours.
const loaded = [SimpleRNN, LSTM, GRU, RNN, Bidirectional, TimeDistributed, Embedding, Dense, Dropout];
for (const layer of [...loaded, ConvLSTM2D, Attention, AdditiveAttention, MultiHeadAttention]) {
  register(layer);
  // tfjs would make each mask twice, and have the first one to be disposed of with an output that shares it.
  replaceMembers("layers of rnnlab", hidden("layer", layer.prototype), { setMaskMetadata() {} });
}

for (const cell of [SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells]) register(cell);

const others = [
  ReLU,
  LeakyReLU,
  ELU,
  Softmax,
  GlobalAveragePooling1D,
  Normalization,
  GetItem,
  Operation,
  Hashing,
];
for (const layer of [
  ...others,
  Conv1D,
  Conv2D,
  GroupNormalization,
  RMSNormalization,
  TextVectorizationLayer,
  StringLookup,
  IntegerLookup,
])
  register(layer);

for (const layer of Object.values({ ...mapLayers, ...convTransposes, ...channelwiseConvs })) register(layer);

for (const layer of Object.values(mergingLayers)) {
  register(layer);
  replaceMembers("layers of rnnlab", hidden("layer", layer.prototype), { setMaskMetadata() {} });
}
