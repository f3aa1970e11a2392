import * as tf from "../tensorflow.js";
import { type RuleName, slotNames } from "./rule.js";

/** Tensors with their names, as tfjs saves them. */
export type NamedTensors = Awaited<ReturnType<tf.Optimizer["getWeights"]>>;

/** What an optimiser keeps for each variable, such as moments. It is changed in place and given away only as a copy. */
export class Slots {
  readonly #optimizer: string;
  readonly #kept = new Map<number, { readonly name: string; slots: readonly tf.Tensor[] }>();
  // Saved ones know no variable: those that come first take them.
  #restored: (readonly tf.Tensor[])[] = [];

  /** @param optimizer - its name, for errors */
  constructor(optimizer: string) {
    this.#optimizer = optimizer;
  }

  /**
   * @param variable - of the optimiser
   * @param rule - the formula, which says what is kept
   * @returns the slots: zeros, or restored ones, the first time that a variable is asked for
   * @throws {RangeError} when what was restored has not the variable's shape
   */
  of(variable: tf.Variable, rule: RuleName): readonly tf.Tensor[] {
    const kept = this.#kept.get(variable.id)?.slots;
    if (kept !== undefined) return kept;
    const restored = this.#restored.shift();
    const fits = restored?.every(({ shape }) => tf.util.arraysEqual(shape, variable.shape)) ?? true;
    if (!fits) {
      throw new RangeError(
        `Cannot continue with the saved weights of ${this.#optimizer}: those of ${variable.name} must have shape [${variable.shape}], got [${restored?.[0]?.shape}]`,
      );
    }
    // Filled by TensorFlow: nothing in JavaScript shares this memory.
    const slots = restored ?? slotNames[rule].map(() => tf.keep(tf.fill(variable.shape, 0)));
    this.#kept.set(variable.id, { name: variable.name, slots });
    return slots;
  }

  /**
   * @param variable - whose slots have become others
   * @param slots - take the place of the old ones, which are disposed of
   */
  replace(variable: tf.Variable, slots: readonly tf.Tensor[]): void {
    tf.dispose([...(this.#kept.get(variable.id)?.slots ?? [])]);
    this.#kept.set(variable.id, { name: variable.name, slots: slots.map((slot) => tf.keep(slot)) });
  }

  /**
   * @param rule - the formula
   * @returns copies in tfjs's order, each kind of slot for all variables, which the caller disposes of
   */
  copies(rule: RuleName): NamedTensors {
    const all = [...this.#kept.values(), ...this.#restored.map((slots) => ({ name: "restored", slots }))];
    return slotNames[rule].flatMap((slot, i) =>
      all.map(({ name, slots }) => ({ name: `${name}/${slot}`, tensor: copy(slots[i] as tf.Tensor) })),
    );
  }

  /**
   * Forgets everything and continues from copies.
   *
   * @param given - in the order of {@link copies}, as many for each kind of slot
   * @param rule - the formula
   */
  restore(given: NamedTensors, rule: RuleName): void {
    const kinds = slotNames[rule].length;
    const variables = kinds === 0 ? 0 : given.length / kinds;
    this.dispose();
    this.#restored = Array.from({ length: variables }, (_, variable) =>
      Array.from({ length: kinds }, (_, kind) =>
        copy((given[kind * variables + variable] as NamedTensors[number]).tensor),
      ),
    );
  }

  /** Disposes of everything; used again, it starts anew. */
  dispose(): void {
    for (const { slots } of this.#kept.values()) tf.dispose([...slots]);
    this.#kept.clear();
    tf.dispose(this.#restored.flat());
    this.#restored = [];
  }
}

/** A tensor with memory of its own: clones share it, and so do views that TensorFlow makes. */
function copy(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.tidy(() => tf.add(tensor, 0)));
}
