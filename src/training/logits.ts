import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";
import { type Activation, registeredClass } from "../tfjs/stock.js";

/** An activation whose argument a loss can be computed of. */
export type Ending = "sigmoid" | "softmax";

/** What activations of the call that is watched gave, with what they were taken of. */
let watched:
  | { readonly endings: readonly unknown[]; readonly arguments: Map<tf.Tensor, Argument> }
  | undefined;
interface Argument {
  readonly ending: Ending;
  readonly logits: tf.Tensor;
}

/**
 * Calls a model and notes what the activations that its outputs come from were taken of, as Keras 2 does.
 *
 * @param endings - for each output the activation that is of interest, if there is one
 * @param run - calls the model
 * @param tensorOf - of an output
 * @returns the outputs with their logits, if there are any; those outlive any tidy, and are the caller's
 */
export function withLogits<Output>(
  endings: readonly (Ending | undefined)[],
  run: () => readonly Output[],
  tensorOf: (output: Output) => tf.Tensor,
): { readonly outputs: readonly Output[]; readonly logits: readonly (tf.Tensor | undefined)[] } {
  if (endings.every((ending) => ending === undefined)) return { outputs: run(), logits: [] };
  watchActivations();
  const found = new Map<tf.Tensor, Argument>();
  watched = { endings, arguments: found };
  try {
    const outputs = run();
    const logits = outputs.map((output, i) => {
      const argument = found.get(tensorOf(output));
      if (argument === undefined || argument.ending !== endings[i]) return undefined;
      found.delete(tensorOf(output));
      return argument.logits;
    });
    return { outputs, logits };
  } finally {
    watched = undefined;
    for (const { logits } of found.values()) logits.dispose();
  }
}

let isWatching = false;

function watchActivations(): void {
  if (isWatching) return;
  isWatching = true;
  for (const ending of ["sigmoid", "softmax"] as const) {
    const { prototype } = registeredClass<{ readonly prototype: Activation }>(ending);
    const { apply } = prototype;
    replaceMembers("tfjs's Sigmoid and Softmax", prototype, {
      apply(x, ...axis) {
        const value = apply.call(this, x, ...axis);
        // A loss takes the last axis for that of the classes.
        const isLast = [undefined, -1, x.rank - 1].includes(axis[0]);
        if (isLast && watched?.endings.includes(ending))
          watched.arguments.set(value, { ending, logits: tf.keep(x.clone()) });
        return value;
      },
    });
  }
}
