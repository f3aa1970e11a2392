import * as tf from "../tensorflow.js";

/** The arguments that tfjs hands from layer to layer: `mask`, `training`, `initialState`. */
export type CallArguments = NonNullable<Parameters<tf.layers.Layer["call"]>[1]>;
type Initializer = ReturnType<typeof tf.initializers.orthogonal>;

/** An activation of tfjs. */
export interface Activation {
  getClassName(): string;
  apply(x: tf.Tensor): tf.Tensor;
}

/** What tfjs keeps in a recurrent layer's cell: its options and its weights. */
export interface StockCell extends tf.layers.Layer {
  readonly units: number;
  readonly stateSize: number | number[];
  readonly activation: Activation;
  /** Of LSTM and GRU */
  readonly recurrentActivation?: Activation;
  /** Of GRU: Keras's default, unknown to tfjs */
  resetAfter?: boolean;
  kernelInitializer: Initializer;
  recurrentInitializer: Initializer;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly dropoutFunc?: ((x: tf.Tensor, rate: number) => tf.Tensor) | null;
  readonly kernel: tf.LayerVariable;
  readonly recurrentKernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
}

/** tfjs's cells, one after the other. */
export interface StockStack extends tf.layers.Layer {
  readonly cells: readonly StockCell[];
  readonly stateSize: number[];
}

/** tfjs's SimpleRNN, LSTM or GRU. */
export type StockRecurrent = tf.RNN & { readonly cell: StockCell };

/** Arguments of tfjs's SimpleRNN, LSTM and GRU together. */
export type StockRecurrentArgs = Parameters<typeof tf.layers.lstm>[0];

/** Arguments of tfjs's RNN. */
export type RnnLayerArgs = Parameters<typeof tf.layers.rnn>[0];

/** tfjs's Bidirectional. */
export type StockBidirectional = tf.layers.Layer & {
  readonly forwardLayer: StockRecurrent;
  readonly backwardLayer: StockRecurrent;
  readonly mergeMode: "sum" | "mul" | "concat" | "ave" | null;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
};

type ConvArgs = Parameters<typeof tf.layers.conv1d>[0];
/** Arguments of tfjs's ConvLSTM2D. */
export type ConvLstmArgs = Parameters<typeof tf.layers.convLstm2d>[0];

/** What tfjs's Conv1D keeps of its arguments. */
export interface StockConv1D {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: "valid" | "same" | "causal";
  readonly useBias: boolean;
  readonly activation: Activation | null;
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: never;
  readonly biasRegularizer: never;
  readonly kernelConstraint: never;
  readonly biasConstraint: never;
}

/** The cell of tfjs's ConvLSTM2D. */
export interface StockConvCell extends StockCell {
  readonly filters: number;
  readonly strides: [number, number];
  readonly dilationRate: [number, number];
  readonly padding: "valid" | "same";
  readonly dataFormat: "channelsFirst" | "channelsLast";
  readonly recurrentActivation: Activation;
}

/** tfjs's Dense. */
export type StockDense = tf.layers.Layer & {
  readonly activation: Activation;
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
};

type Class<Instance, Args> = (new (args: Args) => Instance) & { readonly prototype: Instance };
type Made<Name extends "dropout" | "embedding" | "timeDistributed"> = Class<
  ReturnType<(typeof tf.layers)[Name]>,
  Parameters<(typeof tf.layers)[Name]>[0]
>;

/** tfjs's registry of what can be loaded. */
export const registry = tf.serialization.SerializationMap.getMap().classNameMap as unknown as Record<
  string,
  [cls: unknown, fromConfig: unknown] | undefined
>;

/** tfjs's own classes, which it exports by their makers only: taken from the registry before ours replace them there. */
export const stock = {
  SimpleRNN: stockClass<Class<StockRecurrent, StockRecurrentArgs>>("SimpleRNN"),
  LSTM: stockClass<Class<StockRecurrent, StockRecurrentArgs>>("LSTM"),
  GRU: stockClass<Class<StockRecurrent, StockRecurrentArgs>>("GRU"),
  SimpleRNNCell: stockClass<Class<StockCell, StockRecurrentArgs>>("SimpleRNNCell"),
  LSTMCell: stockClass<Class<StockCell, StockRecurrentArgs>>("LSTMCell"),
  GRUCell: stockClass<Class<StockCell, StockRecurrentArgs>>("GRUCell"),
  StackedRNNCells: stockClass<Class<StockStack, { cells: readonly StockCell[] }>>("StackedRNNCells"),
  RNN: tf.RNN as Class<tf.RNN, RnnLayerArgs>,
  Bidirectional:
    stockClass<Class<StockBidirectional, Parameters<typeof tf.layers.bidirectional>[0]>>("Bidirectional"),
  TimeDistributed: stockClass<Made<"timeDistributed">>("TimeDistributed"),
  Embedding: stockClass<Made<"embedding">>("Embedding"),
  Conv1D: stockClass<Class<tf.layers.Layer, ConvArgs>>("Conv1D"),
  ConvLSTM2D: stockClass<Class<tf.RNN, ConvLstmArgs>>("ConvLSTM2D"),
  Dense: stockClass<Class<StockDense, Parameters<typeof tf.layers.dense>[0]>>("Dense"),
  Dropout: stockClass<Made<"dropout">>("Dropout"),
};

function stockClass<StockClass>(name: string): StockClass {
  const entry = registry[name];
  if (entry === undefined) throw new Error(`Cannot find ${name} among the layers of tfjs`);
  return entry[0] as StockClass;
}

/** What is written of a layer or cell within the configuration of another. */
export interface Saved {
  readonly className: string;
  readonly config: tf.serialization.ConfigDict;
}

/** Builds what the configuration of another layer holds; tfjs does not export its own way. */
export function restore<Restored>({ className, config }: Saved): Restored {
  const [cls, fromConfig] = registry[className] ?? [];
  if (typeof fromConfig !== "function")
    throw new RangeError(`Cannot build ${className}: it must be a layer or cell that is known, got another`);
  return fromConfig(cls, config) as Restored;
}
