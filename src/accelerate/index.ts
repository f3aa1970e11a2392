// Imported for what it does: the recurrent layers of tf.layers run on the fused ops from then on.
export { accelerated } from "./accelerate.js";
