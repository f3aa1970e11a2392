import type { History } from "../callbacks/history.js";
import type { KeepWeights, KeptWeights } from "./kept-weights.js";

/** What a training with `keepWeights` came to. */
export interface KeptHistory extends History {
  /** The model's weights before the training and after each epoch */
  readonly weights: KeptWeights;
}

/** The history of a training, whose weights are known to be there if they were to be kept. */
export type HistoryOf<Keep extends KeepWeights | undefined> = Keep extends undefined ? History : KeptHistory;
