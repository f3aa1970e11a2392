/** A function of TensorFlow's as Keras 2 writes it, in terms of an operation of Keras 3's. */
export interface TfFunction {
  /** Keras 3's class */
  readonly operation: string;
  /** Names of the operands after the first, in the order of the operation's */
  readonly operands?: readonly string[];
  /** What the operation calls its options */
  readonly options?: Readonly<Record<string, string>>;
  /** Options with the meaning that the function gives them, but the operation does not */
  readonly always?: Readonly<Record<string, unknown>>;
}

const pair = (operation: string): TfFunction => ({ operation, operands: ["y"] });
const reduced = (operation: string): TfFunction => ({
  operation,
  options: { axis: "axis", keepdims: "keepdims" },
});
const plain = (operation: string): TfFunction => ({ operation });
const squeeze: TfFunction = { operation: "Squeeze", options: { axis: "axis" } };
const transpose: TfFunction = { operation: "Transpose", options: { perm: "axes" } };
const softmax: TfFunction = { operation: "Softmax", options: { axis: "axis" } };

/** What TFOpLambda may call, by its name for it. */
export const tfFunctions: Readonly<Record<string, TfFunction>> = {
  "__operators__.add": pair("Add"),
  "math.add": pair("Add"),
  "math.subtract": pair("Subtract"),
  "math.multiply": pair("Multiply"),
  "math.truediv": pair("TrueDivide"),
  "math.divide": pair("TrueDivide"),
  "compat.v1.floor_div": pair("FloorDivide"),
  "math.floordiv": pair("FloorDivide"),
  "math.floormod": pair("Mod"),
  "math.pow": pair("Power"),
  "math.maximum": pair("Maximum"),
  "math.minimum": pair("Minimum"),
  "math.equal": pair("Equal"),
  "math.not_equal": pair("NotEqual"),
  "math.greater": pair("Greater"),
  "math.greater_equal": pair("GreaterEqual"),
  "math.less": pair("Less"),
  "math.less_equal": pair("LessEqual"),
  "math.logical_and": pair("LogicalAnd"),
  "math.logical_or": pair("LogicalOr"),
  "math.logical_not": plain("LogicalNot"),
  where: { operation: "Where", operands: ["x", "y"] },
  "linalg.matmul": { operation: "Matmul", operands: ["b"], options: { transpose_b: "transpose_b" } },
  "math.reduce_mean": reduced("Mean"),
  "math.reduce_sum": reduced("Sum"),
  "math.reduce_max": reduced("Max"),
  "math.reduce_min": reduced("Min"),
  "math.reduce_any": reduced("Any"),
  "math.reduce_all": reduced("All"),
  "math.reduce_variance": reduced("Var"),
  "math.reduce_std": reduced("Std"),
  "math.argmax": { operation: "Argmax", options: { axis: "axis" } },
  "math.negative": plain("Negative"),
  "math.abs": plain("Absolute"),
  "math.exp": plain("Exp"),
  "math.log": plain("Log"),
  "math.sqrt": plain("Sqrt"),
  "math.square": plain("Square"),
  "math.reciprocal": plain("Reciprocal"),
  "math.sign": plain("Sign"),
  "math.sin": plain("Sin"),
  "math.cos": plain("Cos"),
  "math.tanh": plain("Tanh"),
  "math.sigmoid": plain("Sigmoid"),
  "math.softplus": plain("Softplus"),
  "nn.relu": plain("Relu"),
  "nn.relu6": plain("Relu6"),
  "nn.elu": plain("Elu"),
  "nn.selu": plain("Selu"),
  "nn.silu": plain("Silu"),
  "nn.leaky_relu": { operation: "LeakyRelu", options: { alpha: "negative_slope" } },
  "nn.softmax": softmax,
  "compat.v1.nn.softmax": softmax,
  "nn.log_softmax": { operation: "LogSoftmax", options: { axis: "axis" } },
  clip_by_value: { operation: "Clip", options: { clip_value_min: "x_min", clip_value_max: "x_max" } },
  cast: { operation: "Cast", options: { dtype: "dtype" } },
  reshape: { operation: "Reshape", options: { shape: "newshape" } },
  expand_dims: { operation: "ExpandDims", options: { axis: "axis" } },
  squeeze,
  "compat.v1.squeeze": squeeze,
  transpose,
  "compat.v1.transpose": transpose,
  reverse: { operation: "Flip", options: { axis: "axis" } },
  tile: { operation: "Tile", options: { multiples: "repeats" } },
  concat: { operation: "Concatenate", options: { axis: "axis" } },
  stack: { operation: "Stack", options: { axis: "axis" } },
};
