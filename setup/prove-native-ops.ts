// Run as a process of its own: loads TensorFlow through the given module, then the given addon, and computes with it.
// Prints the instruction sets that this machine offers as one line of JSON.
const [, , entry, addon] = process.argv;
if (entry === undefined || addon === undefined)
  throw new Error("Cannot prove the fused ops: the module and the addon to load are missing");
const loaded = require(entry);
const tf = loaded.tf ?? loaded;
const { instructionSets } = require(addon);
const one = tf.ones([1, 1]);
const { TF_ATTR_STRING, TF_ATTR_BOOL, TF_ATTR_INT } = tf.backend().binding;
const attributes = [
  ...["cell", "activation", "recurrent_activation"].map((name) => ({ name, type: TF_ATTR_STRING })),
  ...["go_backwards", "return_sequences"].map((name) => ({ name, type: TF_ATTR_BOOL, value: false })),
  ...["biases", "masks", "given_states"].map((name) => ({ name, type: TF_ATTR_INT, value: 0 })),
  { name: "states", type: TF_ATTR_INT, value: 1 },
].map((attribute) => ({ value: attribute.name === "cell" ? "simpleRnn" : "linear", ...attribute }));
const inputs = [tf.ones([1, 3, 1]), one, one];
const [outputs] = tf.backend().executeMultipleOutputs("RnnlabRecurrent", attributes, inputs, 3);
const [sum] = outputs.dataSync();
if (sum !== 3) throw new Error(`Cannot trust the fused ops: 1 + 1 + 1 must be 3, got ${sum}`);
console.log(JSON.stringify(instructionSets));
