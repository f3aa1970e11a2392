import * as tf from "../tensorflow.js";
import { AdditiveAttention, Attention } from "./attention.js";
import { Bidirectional } from "./bidirectional.js";
import { keepArgumentsApart } from "./call-arguments.js";
import "./masked-models.js";
import { Conv1D } from "./conv-1d.js";
import { Conv1DTranspose } from "./conv-1d-transpose.js";
import { ConvLSTM2D } from "./conv-lstm-2d.js";
import { Dense } from "./dense.js";
import "./dispose-model.js";
import { Dropout } from "./dropout.js";
import { ELU } from "./elu.js";
import { Embedding } from "./embedding.js";
import { GetItem } from "./get-item.js";
import { GlobalAveragePooling1D } from "./global-average-pooling-1d.js";
import { Hashing } from "./hashing.js";
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
import { RNN } from "./rnn.js";
import { Softmax } from "./softmax-layer.js";
import { type StockRecurrentArgs, stock } from "./stock.js";
import { TextVectorizationLayer } from "./text-vectorization-layer.js";
import { TimeDistributed } from "./time-distributed.js";

type Loadable = Parameters<typeof tf.serialization.registerClass>[0];

// tf.layers.bidirectional() copies its layer through tfjs's registry of what can be loaded. Copies of tfjs's own layers
// stay tfjs's: a configuration remembers where it is from until it is written to a file.
const origin = Symbol("origin");
for (const [Stock, Ours] of [
  [stock.SimpleRNN, SimpleRNN],
  [stock.LSTM, LSTM],
  [stock.GRU, GRU],
] as const) {
  const { getConfig } = Stock.prototype;
  Stock.prototype.getConfig = function () {
    const config = getConfig.call(this);
    return this.constructor === Stock ? Object.assign(config, { [origin]: Stock }) : config;
  };
  const loadable = Ours as unknown as {
    fromConfig(cls: unknown, config: object & { [origin]?: unknown }): unknown;
  };
  const { fromConfig } = loadable;
  loadable.fromConfig = (cls, config) =>
    config[origin] === Stock ? new Stock(config as StockRecurrentArgs) : fromConfig(cls, config);
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
  tf.serialization.registerClass(layer as unknown as Loadable);
  // tfjs would make each mask twice, and have the first one to be disposed of with an output that shares it.
  Object.defineProperty(layer.prototype, "setMaskMetadata", { value: () => undefined });
}

for (const cell of [SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells])
  tf.serialization.registerClass(cell as unknown as Loadable);

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
for (const layer of [...others, Conv1D, Conv1DTranspose, TextVectorizationLayer, StringLookup, IntegerLookup])
  tf.serialization.registerClass(layer as unknown as Loadable);

for (const layer of Object.values(mapLayers)) tf.serialization.registerClass(layer as unknown as Loadable);

for (const layer of Object.values(mergingLayers)) {
  tf.serialization.registerClass(layer as unknown as Loadable);
  Object.defineProperty(layer.prototype, "setMaskMetadata", { value: () => undefined });
}
