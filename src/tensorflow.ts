// TensorFlow.js, loaded and looked at by the one file that imports tfjs-node.
export * from "./tfjs/tensorflow.js";
