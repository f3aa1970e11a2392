import * as tf from "./tensorflow.js";

/** The arguments that tfjs hands from layer to layer: `mask`, `training`, `initialState`. */
export type CallArguments = NonNullable<Parameters<tf.layers.Layer["call"]>[1]>;
type Initializer = ReturnType<typeof tf.initializers.orthogonal>;

/** An activation of tfjs. */
export interface Activation {
  getClassName(): string;
  apply(x: tf.Tensor, axis?: number): tf.Tensor;
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

type Named = NonNullable<Parameters<typeof tf.layers.dense>[0]["activation"]>;
/** What tfjs's constructors take for an activation: its name, a registered one of rnnlab, too, or itself. */
export type StockActivation = Named | "hardSigmoid6" | Activation;

/** Arguments of tfjs's SimpleRNN, LSTM and GRU together. */
export type StockRecurrentArgs = WithActivations<Parameters<typeof tf.layers.lstm>[0]>;
type WithActivations<Args> = Omit<Args, "activation" | "recurrentActivation"> & {
  activation?: StockActivation;
  recurrentActivation?: StockActivation;
};

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
export type ConvLstmArgs = WithActivations<Parameters<typeof tf.layers.convLstm2d>[0]>;

/** tfjs's Conv1D, with what it keeps of its arguments. */
export type StockConv1D = tf.layers.Layer &
  Weighting & {
    readonly filters: number;
    readonly kernelSize: readonly number[];
    readonly strides: readonly number[];
    readonly dilationRate: readonly number[];
    readonly padding: "valid" | "same" | "causal";
    readonly useBias: boolean;
    readonly activation: Activation | null;
  };

/** tfjs's SeparableConv2D, with what it keeps of its arguments. */
export type StockSeparableConv = StockConv1D & {
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: Initializer;
  readonly depthwiseRegularizer: never;
  readonly depthwiseConstraint: never;
  readonly pointwiseRegularizer: never;
  readonly pointwiseConstraint: never;
};

/** tfjs's LayerNormalization, with what it keeps of its arguments. */
export type StockLayerNormalization = tf.layers.Layer & {
  /** Counted from the first, once the layer is built. */
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly gamma: tf.LayerVariable | null | undefined;
  readonly beta: tf.LayerVariable | null | undefined;
  readonly scale: boolean;
  readonly center: boolean;
  readonly gammaInitializer: Initializer;
  readonly gammaRegularizer: never;
  readonly gammaConstraint: never;
  readonly betaInitializer: Initializer;
  readonly betaRegularizer: never;
  readonly betaConstraint: never;
};

/** tfjs's BatchNormalization, with what it keeps of its arguments. */
export type StockBatchNormalization = tf.layers.Layer & {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: tf.LayerVariable | null | undefined;
  readonly beta: tf.LayerVariable | null | undefined;
  readonly movingMean: tf.LayerVariable;
  readonly movingVariance: tf.LayerVariable;
};

/** What tfjs keeps of a layer's kernel and bias; regularisers and constraints are handed on, and never looked into. */
interface Weighting {
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
export type StockDense = tf.layers.Layer & Weighting & { readonly activation: Activation };

/** Arguments of tfjs's Dense. */
export type StockDenseArgs = Omit<DenseArgs, "activation" | "activityRegularizer"> & {
  activation?: StockActivation | null | undefined;
  activityRegularizer?: DenseArgs["activityRegularizer"] | null;
};
type DenseArgs = Parameters<typeof tf.layers.dense>[0];

type Class<Instance, Args> = (new (
  args: Args,
) => Instance) & {
  readonly prototype: Instance;
  readonly className: string;
};
type Made<Name extends "dropout" | "embedding" | "reshape" | "timeDistributed"> = Class<
  ReturnType<(typeof tf.layers)[Name]>,
  Parameters<(typeof tf.layers)[Name]>[0]
>;

type FromConfig = (cls: unknown, config: tf.serialization.ConfigDict) => tf.layers.Layer;

/** What tfjs can load, by the names in saved models. */
export const loadableClasses: Readonly<
  Record<string, readonly [cls: unknown, fromConfig: unknown] | undefined>
> = tf.serialization.SerializationMap.getMap().classNameMap;

/**
 * Makes a class known to tfjs, so that what is saved of it can be loaded. Layers, initialisers and all else share one
 * list of names.
 *
 * @param cls - extends one of tfjs's, and has a `className`
 * @throws {Error} when the name belongs to a class of another kind
 */
export function register(cls: object): void {
  const { className } = cls as { className: string };
  const known = loadableClasses[className]?.[0];
  if (known !== undefined && ancestorOf(known as object) !== ancestorOf(cls))
    throw new Error(`Cannot register ${className}: tfjs has a class of another kind with that name`);
  tf.serialization.registerClass(cls as Parameters<typeof tf.serialization.registerClass>[0]);
}

/** What all classes of a kind extend, such as Layer. */
function ancestorOf(cls: object): object {
  const parent = Object.getPrototypeOf(cls);
  return parent === tf.serialization.Serializable ? cls : ancestorOf(parent);
}

/** tfjs's own classes, which it exports by their makers only: taken from what it can load before ours replace them there. */
export const stock = {
  SimpleRNN: registeredClass<Class<StockRecurrent, StockRecurrentArgs>>("SimpleRNN"),
  LSTM: registeredClass<Class<StockRecurrent, StockRecurrentArgs>>("LSTM"),
  GRU: registeredClass<Class<StockRecurrent, StockRecurrentArgs>>("GRU"),
  SimpleRNNCell: registeredClass<Class<StockCell, StockRecurrentArgs>>("SimpleRNNCell"),
  LSTMCell: registeredClass<Class<StockCell, StockRecurrentArgs>>("LSTMCell"),
  GRUCell: registeredClass<Class<StockCell, StockRecurrentArgs>>("GRUCell"),
  StackedRNNCells: registeredClass<Class<StockStack, { cells: readonly StockCell[] }>>("StackedRNNCells"),
  RNN: tf.RNN as Class<tf.RNN, RnnLayerArgs>,
  Bidirectional: registeredClass<
    Class<StockBidirectional, Parameters<typeof tf.layers.bidirectional>[0]> & {
      readonly fromConfig: FromConfig;
    }
  >("Bidirectional"),
  TimeDistributed: registeredClass<Made<"timeDistributed">>("TimeDistributed"),
  Embedding: registeredClass<Made<"embedding">>("Embedding"),
  Conv1D: registeredClass<Class<StockConv1D, ConvArgs>>("Conv1D"),
  Conv2D: registeredClass<Class<StockConv1D, ConvArgs>>("Conv2D"),
  ConvLSTM2D: registeredClass<Class<tf.RNN & { readonly cell: StockConvCell }, ConvLstmArgs>>("ConvLSTM2D"),
  Dense: registeredClass<Class<StockDense, StockDenseArgs>>("Dense"),
  SeparableConv2D:
    registeredClass<Class<StockSeparableConv, Parameters<typeof tf.layers.separableConv2d>[0]>>(
      "SeparableConv2D",
    ),
  LayerNormalization:
    registeredClass<Class<StockLayerNormalization, Parameters<typeof tf.layers.layerNormalization>[0]>>(
      "LayerNormalization",
    ),
  Concatenate:
    registeredClass<Class<tf.layers.Layer & { readonly axis: number }, { axis?: number }>>("Concatenate"),
  BatchNormalization:
    registeredClass<Class<StockBatchNormalization, Parameters<typeof tf.layers.batchNormalization>[0]>>(
      "BatchNormalization",
    ),
  Dropout: registeredClass<Made<"dropout">>("Dropout"),
  Reshape: registeredClass<Made<"reshape">>("Reshape"),
};

/**
 * Finds a class of tfjs that it does not export.
 *
 * @param name - in a saved model
 * @returns the class
 * @throws {Error} when there is none
 */
export function registeredClass<StockClass>(name: string): StockClass {
  const entry = loadableClasses[name];
  if (entry === undefined) throw new Error(`Cannot find ${name} among the layers of tfjs`);
  return entry[0] as StockClass;
}

/** tfjs's classes by their names, before any took the place of another. */
const stockClasses = new Map(Object.entries(loadableClasses).map(([name, entry]) => [name, entry?.[0]]));

/** Whether an object is of the class that tfjs itself has under a name. */
export function isStock(object: object, name: string): boolean {
  return object.constructor === stockClasses.get(name);
}

/** What is written of a layer or cell within the configuration of another. */
export interface Saved {
  readonly className: string;
  readonly config: tf.serialization.ConfigDict;
}

/**
 * Reads what another layer's configuration has in the place of a layer or cell.
 *
 * @param value - of the configuration
 * @returns the same, with the type that it must have
 */
export function toSaved(value: unknown): Saved {
  return value as Saved;
}

/** Builds what the configuration of another layer holds; tfjs does not export its own way. */
export function restore<Restored>({ className, config }: Saved): Restored {
  const [cls, fromConfig] = loadableClasses[className] ?? [];
  if (typeof fromConfig !== "function")
    throw new RangeError(`Cannot build ${className}: it must be a layer or cell that is known, got another`);
  return fromConfig(cls, config) as Restored;
}
