// Set before anything asks for the fused ops.
process.env.RNNLAB_OPS = "tensorflow";

const { accelerateTests } = require("./accelerate-suite.js") as typeof import("./accelerate-suite.js");
accelerateTests("TensorFlow's own ops");
