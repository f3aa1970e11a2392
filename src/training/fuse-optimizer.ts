import { adam, rmsprop, sgd } from "../optimizers/index.js";
import { nativeOps } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { ownOptimizer, replaceOptimizer } from "../tfjs/compiled-model.js";

/**
 * Replaces the stock optimiser that compile() made from a name, such as "adam", by the fused one with the same numbers,
 * before its first step. An optimiser that the caller made stays: it may be in use elsewhere.
 *
 * @param model - a compiled model
 */
export function fuseNamedOptimizer(model: tf.LayersModel): void {
  const stock = ownOptimizer(model);
  if (stock === undefined || stock.iterations > 0 || !nativeOps().available) return;
  const fused = fusedLike(stock);
  if (fused !== undefined) replaceOptimizer(model, fused);
}

function fusedLike(stock: tf.Optimizer): tf.Optimizer | undefined {
  const config = stock.getConfig() as Record<string, number>;
  const of = (name: string) => config[name] ?? Number.NaN;
  const shared = { learningRate: of("learningRate"), numerics: "tfjs" } as const;
  // Not instanceof: tfjs counts every optimiser as an instance of each of its classes.
  switch (stock.constructor) {
    case tf.AdamOptimizer:
      return adam({ ...shared, beta1: of("beta1"), beta2: of("beta2"), epsilon: of("epsilon") });
    case tf.RMSPropOptimizer: {
      const centered = Boolean(config.centered);
      return rmsprop({
        ...shared,
        rho: of("decay"),
        momentum: of("momentum"),
        epsilon: of("epsilon"),
        centered,
      });
    }
    case tf.SGDOptimizer:
      return sgd(shared);
    default:
      return undefined;
  }
}
