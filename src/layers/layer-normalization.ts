import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";
import { stock } from "../tfjs/stock.js";
import { normalized } from "./normalized.js";
import { oneTensor } from "./one-tensor.js";

// tfjs's own copies gamma and beta for each step of each row. Their gradient is as many ops, and where one of them is
// missing there is none.
replaceMembers("tfjs's LayerNormalization", stock.LayerNormalization.prototype, {
  call(inputs) {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "LayerNormalization");
      const { epsilon, axis } = this;
      const shape = x.shape.map((size, i) => (axis.includes(i) ? size : 1));
      return normalized(x, { ...tf.moments(x, [...axis], true), epsilon }, this, shape);
    });
  },
});
