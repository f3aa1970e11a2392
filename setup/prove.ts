// Run as a process of its own: loads TensorFlow through the given module and computes with it, so that a
// library that crashes takes only this process along. Prints what it found as one line of JSON.
const entry = process.argv[2];
if (entry === undefined) throw new Error("Cannot prove TensorFlow: the module to load is missing");
const loaded = require(entry);
const tf = loaded.tf ?? loaded;
const [sum] = tf.sum(tf.mul(tf.tensor1d([1, 2, 3]), 2)).dataSync();
if (sum !== 12) throw new Error(`Cannot trust TensorFlow: 2 + 4 + 6 must be 12, got ${sum}`);
console.log(JSON.stringify({ tfjs: tf.version["tfjs-node"], library: tf.backend().binding?.TF_Version }));
