// Set before anything asks for the fused ops.
process.env.RNNLAB_OPS = "tensorflow";

const { goldenTests } = require("./golden-suite.js") as typeof import("./golden-suite.js");
goldenTests("TensorFlow's own ops");
