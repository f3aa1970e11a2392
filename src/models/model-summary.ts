import type { RichText } from "../display/index.js";
import type { StepReport } from "../training/index.js";

/** Sizes of the axes. */
export type Shape = readonly (number | null)[];

/** A row of a {@link ModelSummary}. */
export interface LayerSummary {
  readonly name: string;
  /** Class of the layer, as Keras names it */
  readonly type: string;
  /** null stands for the size of the batch; a list of shapes if there are several outputs */
  readonly outputShape: Shape | readonly Shape[];
  readonly parameters: number;
  /** Where its inputs come from, as Keras writes it: `layer[call][output]` */
  readonly connectedTo: readonly string[];
  /** The layers inside, if it is a model */
  readonly layers?: readonly LayerSummary[];
}

/** A model's layers as Keras lists them: a table in a notebook, Keras's text elsewhere. */
export interface ModelSummary extends RichText {
  readonly name: string;
  readonly layers: readonly LayerSummary[];
  /** Of all layers together; a layer that is used twice counts once */
  readonly parameters: number;
  readonly trainable: number;
  readonly nonTrainable: number;
  /** Whether its training steps were one op each, once rnnlab has trained it; shown below what Keras shows */
  readonly trainingStep?: StepReport;
  /** @returns what Keras prints */
  toString(): string;
}
