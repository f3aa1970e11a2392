import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";
import { stock } from "../tfjs/stock.js";
import { normalized } from "./normalized.js";
import { oneTensor } from "./one-tensor.js";

const { prototype } = stock.LayerNormalization;
const { call } = prototype;
replaceMembers("tfjs's LayerNormalization", prototype, {
  call(inputs, args) {
    if (this.gamma && this.beta) return call.call(this, inputs, args);
    return tf.tidy(() => {
      const x = oneTensor(inputs, "LayerNormalization");
      const { epsilon, axis } = this;
      const shape = x.shape.map((size, i) => (axis.includes(i) ? size : 1));
      return normalized(x, { ...tf.moments(x, [...axis], true), epsilon }, this, shape);
    });
  },
});
