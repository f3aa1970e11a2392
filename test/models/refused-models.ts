import { called, DAMAGED, dense, graph, HELP, input, layer, op, sequential, x } from "./keras-configs.js";

const backwards = { units: 2, return_sequences: true, unroll: true };
const V2 = "2.15.0";
const V3 = "3.15.1";

/** What is refused: the model, the version of its Keras, what the message says, and what would help. */
export const refusedModels: readonly (readonly [
  model: unknown,
  version: string,
  message: RegExp,
  help: string,
])[] = [
  [
    sequential(input(), layer("Dropout", { rate: 0.5 }), layer("Dropout", { rate: 0.5 })),
    V2,
    /^layers must have names of their own, got odd twice/,
    DAMAGED,
  ],
  [
    sequential(input(), layer("Lambda")),
    V2,
    /^Lambda \("odd"\): layers must be those that docs\/keras-layers\.md lists, got Lambda/,
    "write the function with layers, operators or keras.ops in a functional model, and save it again",
  ],
  [
    sequential(input(), layer("CuDNNGRU")),
    V2,
    /^CuDNNGRU \("odd"\): layers must be .*, got CuDNNGRU/,
    "build the model in Python with GRU(reset_after=True) in its place; load_weights() converts the weights",
  ],
  [
    sequential(input(), layer("Conv3D")),
    V2,
    /^Conv3D \("odd"\): layers must be .*, got Conv3D/,
    "build the model in Python of these, or compute this part outside of it, and save it again",
  ],
  [
    sequential(input(), layer("RNN", { cell: layer("OwnCell") })),
    V2,
    /^OwnCell \("odd"\): cells of RNN must be SimpleRNNCell, .*, got OwnCell/,
    "build the model in Python of these, or compute this part outside of it, and save it again",
  ],
  [
    sequential(input(), layer("RNN", { cell: layer("StackedRNNCells", { cells: 3 }) })),
    V2,
    /^StackedRNNCells \("odd"\): cells must be a list, got 3/,
    HELP,
  ],
  [
    sequential(
      input("x", [null, 3, 4]),
      layer("TimeDistributed", {
        layer: layer("Embedding", { input_dim: 9, output_dim: 2, mask_zero: true }),
      }),
      layer("TimeDistributed", { name: "words", layer: layer("LSTM", { units: 2, name: "inner" }) }),
    ),
    V2,
    /^TimeDistributed \("odd"\): the layer inside must make no mask in files of Keras 2, got Embedding with one/,
    "put a layer that ends the mask before it, or save the model again with Keras 3, which computes this otherwise",
  ],
  [
    sequential(
      input("x", [null, 3, 4]),
      layer("Embedding", { name: "words", input_dim: 9, output_dim: 2, mask_zero: true }),
      layer("TimeDistributed", { layer: layer("LSTM", { units: 2, name: "inner" }) }),
    ),
    V2,
    /^TimeDistributed \("odd"\): its input must have no mask in files of Keras 2 where LSTM is inside, got one/,
    "put a layer that ends the mask before it, or save the model again with Keras 3, which computes this otherwise",
  ],
  [
    sequential(
      input("x", [null, 3, 4]),
      layer("Embedding", { name: "words", input_dim: 9, output_dim: 2, mask_zero: true }),
      layer("TimeDistributed", { name: "rows", layer: layer("Flatten", { name: "inner" }) }),
      layer("LSTM", { units: 2 }),
    ),
    V3,
    /^LSTM \("odd"\): the mask of an input must have 2 axes, got 3/,
    "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
  ],
  ...[
    layer("GRU", { ...backwards, go_backwards: true, zero_output_for_mask: true }),
    layer("Bidirectional", { layer: layer("GRU", { ...backwards, name: "inner" }) }),
  ].map(
    (read) =>
      [
        sequential(
          input("x", [null, 3]),
          layer("Embedding", { name: "words", input_dim: 9, output_dim: 2, mask_zero: true }),
          read,
        ),
        V3,
        /^\w+ \("odd"\): unroll must be false where masked steps are read back and put out zeros, got true/,
        "build the layer in Python with unroll=False, give the model the weights with set_weights(), and save it again",
      ] as const,
  ),
  [
    sequential(input(), layer("Conv1D", { filters: 1, kernel_size: [2], groups: 2 })),
    V2,
    /^Conv1D \("odd"\): groups must be 1, got 2/,
    HELP,
  ],
  [
    sequential(input(), layer("LSTM", { units: 1, time_major: true })),
    V2,
    /^LSTM \("odd"\): time_major must be missing, None or False, got true/,
    HELP,
  ],
  [
    sequential(input(), layer("Conv1D", { filters: 1, kernel_size: [2], padding: "full" })),
    V2,
    /^Conv1D \("odd"\): padding must be valid, same or causal, got full/,
    HELP,
  ],
  [
    dense({ activation: "my_tanh" }),
    V2,
    /^Dense \("odd"\): activation must be celu, .* or .*, got my_tanh/,
    HELP,
  ],
  [dense({ activation: layer("PReLU") }), V2, /^Dense \("odd"\): activation must be .*, got PReLU/, HELP],
  [
    dense({ kernel_regularizer: layer("Orthogonal") }),
    V2,
    /^Dense \("odd"\): kernel_regularizer must be L1, L2 or L1L2, got Orthogonal/,
    HELP,
  ],
  [
    dense({ kernel_constraint: layer("Radial") }),
    V2,
    /^Dense \("odd"\): kernel_constraint must be MaxNorm, .*, got Radial/,
    HELP,
  ],
  [
    dense({ dtype: { class_name: "Policy", config: { name: "mixed_float16" } } }),
    V2,
    /^Dense \("odd"\): dtype must be float32 or float64, got mixed_float16/,
    'build the model in Python with dtype="float32", give it the weights with set_weights(), and save it',
  ],
  [
    dense({ units: -1 }),
    V2,
    /^Dense \("odd"\): it must have arguments that its layer takes, got others: .*units must be a positive integer, got -1/,
    HELP,
  ],
  [
    sequential(input("x", [null, 1]), layer("StringLookup", { vocabulary: "words.txt" })),
    V2,
    /^StringLookup \("odd"\): vocabulary must be written in the file, got words\.txt/,
    HELP,
  ],
  [
    sequential(input("x", [null, 1]), layer("TextVectorization", { standardize: layer("function") })),
    V2,
    /^TextVectorization \("odd"\): standardize must be one of Keras's own names, got/,
    HELP,
  ],
  [
    sequential(input(), layer("Masking"), layer("Softmax", { name: "shares" })),
    V2,
    /^Softmax \("shares"\): it must not follow a mask, .*, got one that does/,
    "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
  ],
  [
    sequential(input(), layer("Masking"), layer("GroupNormalization", { name: "groups", groups: 1 })),
    V2,
    /^GroupNormalization \("groups"\): it must not follow a mask, which Keras takes for one of features, got/,
    "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
  ],
  [
    sequential(
      input(),
      layer("Conv1DTranspose", {
        filters: 1,
        kernel_size: [2],
        strides: [2],
        padding: "same",
        output_padding: [0],
      }),
    ),
    V2,
    /^Conv1DTranspose \("odd"\): it must fit the layer before it, .*as long as the input, 5, again, got outputPadding 0/,
    HELP,
  ],
  [
    sequential(input(), layer("GroupNormalization", { groups: 3 })),
    V2,
    /^GroupNormalization \("odd"\): it must fit the layer before it, .*groups must divide the 2 features, got 3/,
    HELP,
  ],
  [
    sequential(input(), layer("Flatten"), layer("LSTM", { name: "late", units: 1 })),
    V2,
    /^LSTM \("late"\): it must fit the layer before it, got what does not/,
    HELP,
  ],
  [
    called("Concatenate", { axis: -1 }),
    V2,
    /^Concatenate \("odd"\): it must fit its inputs, got what does not/,
    HELP,
  ],
  [
    called("Dense", { units: 1 }, { flag: 3 }),
    V2,
    /^Dense \("odd"\): it must be called with its input alone, got the argument flag: 3/,
    HELP,
  ],
  [
    called("Dense", { units: 1 }, { training: "yes" }),
    V2,
    /^Dense \("odd"\): it must be called with training true or false, got 'yes'/,
    HELP,
  ],
  [
    called("LSTM", { units: 1 }, { mask: 3 }),
    V2,
    /^LSTM \("odd"\): it must be called with one mask, .*, got 3/,
    HELP,
  ],
  [
    called("LSTM", { units: 1 }, { initial_state: [1, 2] }),
    V2,
    /^LSTM \("odd"\): it must be called with states that layers give, got \[ 1, 2 \]/,
    HELP,
  ],
  [
    called("MultiHeadAttention", { num_heads: 1, key_dim: 1 }, { query_mask: 3 }),
    V2,
    /^MultiHeadAttention \("odd"\): it must be called .* query_mask: 3/,
    HELP,
  ],
  [
    graph([
      layer("Masking", { name: "masked" }, [[["x", 0, 0, {}]]]),
      layer("Attention", {}, [
        [
          ["masked", 0, 0, { mask: [null, null] }],
          ["x", 0, 0, {}],
        ],
      ]),
    ]),
    V2,
    /^Attention \("odd"\): it must be called with the masks of its inputs, got mask=\[None, …\]/,
    HELP,
  ],
  [graph([layer("Dense", { units: 1 }, ["x"])]), V2, /^Dense \("odd"\): it must be called with a list/, HELP],
  [
    graph([{ ...layer("Dense", { units: 1 }), inbound_nodes: 3 }]),
    V2,
    /^Dense \("odd"\): it must have a list of calls, got 3/,
    HELP,
  ],
  [
    graph([layer("Dense", { units: 1, trainable: true }, [{ args: [x, 7], kwargs: {} }])]),
    V3,
    /^Dense \("odd"\): it must be called with its input alone, got 7 besides/,
    HELP,
  ],
  [
    graph([layer("Dense", { units: 1, trainable: true }, [{ args: [x], kwargs: { training: true } }])]),
    V3,
    /^Dense \("odd"\): it must be called without training: true/,
    HELP,
  ],
  [
    op("math.erf", ["x", 0, 0, {}]),
    V2,
    /^tf\.math\.erf \("odd"\): operations must be those that docs\/keras-layers\.md lists, got tf\.math\.erf/,
    "compute this by a layer, or outside of the model, and save it again",
  ],
  [
    op("math.reduce_mean", ["x", 0, 0, { axis: 1, dtype: "int32" }]),
    V2,
    /^TFOpLambda \("odd"\): tf\.math\.reduce_mean must be called without the argument dtype, got 'int32'/,
    HELP,
  ],
  [
    op("math.add", ["x", 0, 0, { y: "text" }]),
    V2,
    /^TFOpLambda \("odd"\): operands must be numbers or what layers give, got 'text'/,
    HELP,
  ],
  [op("math.abs"), V2, /^TFOpLambda \("odd"\): it must be computed once, got 1 calls/, HELP],
  [
    op("math.reduce_mean", ["x", 0, 0, { axis: 0 }]),
    V2,
    /^Mean \("odd"\): it must fit its inputs, .*the axis of the batch must stay, got axis 0/,
    HELP,
  ],
  [
    graph([
      { ...layer("Mean", { axis: 1 }, [{ args: [x], kwargs: { out: 3 } }]), module: "keras.src.ops.numpy" },
    ]),
    V3,
    /^Mean \("odd"\): Mean must be called without the argument out, got 3/,
    HELP,
  ],
  [
    graph([layer("GetItem", {}, [{ args: [x, [{ class_name: "__tensor__", config: {} }]], kwargs: {} }])]),
    V3,
    /^GetItem \("odd"\): key must be of whole numbers, as in x\[:, -1\] or x\[\.\.\., 1:3\], got .*__tensor__/,
    "write the slice of each axis in Python, or use a layer, and save the model again",
  ],
  [
    graph([layer("GetItem", {}, [{ args: [x, [null]], kwargs: {} }])]),
    V3,
    /^GetItem \("odd"\): it must fit its inputs, .*the axis of the batch must be whole \(:\), got a part of it/,
    HELP,
  ],
  [graph([layer("GetItem", {})]), V3, /^GetItem \("odd"\): it must slice once, got/, HELP],
  [
    sequential(input("x", [null, -2]), layer("Dense", { units: 1 })),
    V2,
    /^InputLayer \("x"\): inputs must have a shape of positive integers, got \[ null, -2 \]/,
    HELP,
  ],
  [
    sequential(input("x", [null]), layer("Flatten")),
    V2,
    /^InputLayer \("x"\): inputs must have an axis besides that of the batch, got shape \[null\]/,
    HELP,
  ],
  [
    sequential({ ...input(), config: { batch_input_shape: [null, 2], dtype: "complex64" } }),
    V2,
    /^InputLayer: inputs must be numbers or strings, got complex64/,
    HELP,
  ],
  [
    sequential({ ...input(), config: { batch_input_shape: [null, 2], ragged: true } }),
    V2,
    /^InputLayer: inputs must be dense tensors, got ragged ones/,
    HELP,
  ],
  [sequential(), V2, /^a model must have layers, got none/, DAMAGED],
  [
    sequential(layer("Dense", { units: 1 })),
    V2,
    /^a model must have an input shape, got one that was never built/,
    "put an Input before the first layer, or call the model once, and save it again",
  ],
  [{ class_name: "Sequential", config: {} }, V2, /^a model must have a list of layers/, DAMAGED],
  [sequential(3), V2, /^a layer must be written as class_name and config, got 3/, DAMAGED],
  [
    { class_name: "Own", config: {} },
    V2,
    /^the model must be Sequential or Functional, got Own/,
    "build it as a functional model in Python, give that the weights with set_weights(), and save it",
  ],
  [
    sequential({ ...layer("Dense"), module: "own", registered_name: "own>Dense" }),
    V3,
    /^Dense \("odd"\): layers must be Keras's own, got the custom class own>Dense/,
    "build the model in Python of these, or compute this part outside of it, and save it again",
  ],
  [graph([3]), V2, /^layers must be objects, got 3/, DAMAGED],
  [graph([input()]), V2, /^layers must have names of their own, got x twice/, DAMAGED],
  [graph([], ["y", 0, 0]), V2, /^the model must have y\[0\]\[0\], got no such output/, DAMAGED],
  [graph([], 3), V2, /^inputs and outputs must be written as name, call and output, got 3/, DAMAGED],
  [
    graph([layer("Dense", { units: 1 }, [[["y", 0, 0, {}]]])]),
    V2,
    /^layers must follow each other from the inputs, got odd/,
    DAMAGED,
  ],
  [
    sequential(
      input("x", [null, 3, 4]),
      layer("CategoryEncoding", { num_tokens: 5, output_mode: "multi_hot" }),
    ),
    V3,
    /^CategoryEncoding \("odd"\): it must fit .*input must have shape \[batch, n\] with output_mode multi_hot or count, got \[null,3,4\]/,
    HELP,
  ],
  [
    dense({}),
    "1.2.2",
    /^a model must be from Keras 2 or 3, got Keras 1\.2\.2/,
    "load it with Keras 2.0 to 2.3 in Python and save it again",
  ],
];
