import * as tf from "./tensorflow.js";

type Gradients = Record<string, () => tf.Tensor | undefined>;

/** A computation that tfjs differentiates as its caller says. */
interface Differentiable {
  /** For the message where there is no gradient */
  readonly name: string;
  /** What gradients flow to, by names */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /**
   * Computes by ops that are not on the tape; tensors that it does not give back are disposed of.
   *
   * @param isRecorded - whether there will be a gradient
   * @returns the outputs, and what the gradient needs of inputs and results
   */
  forward(isRecorded: boolean): { readonly outputs: tf.Tensor[]; readonly saved: readonly tf.Tensor[] };
  /**
   * Computes gradients.
   *
   * @param dys - of each output
   * @param saved - as `forward` gave it, in that order
   * @param wanted - names of the inputs that need one
   * @returns for each input a function that gives its gradient
   */
  backward(dys: tf.Tensor[], saved: tf.Tensor[], wanted: ReadonlySet<string>): Gradients;
}

/**
 * Runs a computation of several outputs with a gradient of its own. tfjs's customGrad() allows one output, tells nobody
 * which inputs need a gradient, and a registered kernel can save nothing but inputs and outputs.
 *
 * @param computation - what is computed
 * @returns the outputs
 */
export function differentiable({ name, inputs, forward, backward }: Differentiable): tf.Tensor[] {
  const engine = tf.engine();
  const isRecorded = engine.isTapeOn();
  let saved: tf.Tensor[] = [];
  const outputs = tf.tidy(() => {
    const results = forward(isRecorded);
    // On the tape, too: where a gradient is differentiated, it depends on them.
    if (isRecorded) saved = results.saved.map((x) => tf.keep(engine.runKernel(tf.Identity, { x })));
    return results.outputs;
  });
  if (!isRecorded) return outputs;
  engine.state.activeTape.push({
    id: engine.state.nextTapeNodeId++,
    kernelName: name,
    inputs,
    outputs,
    saved,
    // tfjs calls it as a method of a copy that has those inputs only that need a gradient.
    gradient(dys: (tf.Tensor | null)[]) {
      const given = dys.map((dy, i) => dy ?? zerosOf(outputs[i] as tf.Tensor));
      return backward(given, saved, new Set(Object.keys(this.inputs))) as Record<string, () => tf.Tensor>;
    },
  });
  return outputs;
}

/** Zeros in the place of the gradient of an output that nobody used; it may be disposed of. */
function zerosOf({ shape, dtype }: tf.Tensor): tf.Tensor {
  return tf.zeros(shape, dtype);
}

/** How many gradients are being computed, one inside the other. */
export function gradientDepth(): number {
  return tf.engine().state.gradientDepth;
}

/** The training step that is being computed, told from others by identity. */
export function currentTape(): object | undefined {
  const { gradientDepth, activeTape } = tf.engine().state;
  return gradientDepth > 0 ? activeTape : undefined;
}

/** Releases what a gradient that could not be computed has left on the tape: tfjs keeps it for ever. */
export function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  // Null where there is none, whatever tfjs's types say.
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  Object.assign(state, { activeTape: null });
}
