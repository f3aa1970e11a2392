import type { Provenance } from "../load-dataset.js";

/** Pictures of digits. */
export interface DigitImages {
  /** Grey levels from 0 (paper) to 255 (ink), flat: picture, row, column. */
  readonly images: Uint8Array;
  /** `[pictures, 28, 28]`. */
  readonly shape: readonly [number, number, number];
  /** The digit of each picture, 0 to 9, `[pictures]`. */
  readonly labels: Uint8Array;
}

/** Handwritten digits. */
export interface Mnist extends Provenance {
  readonly name: "mnist";
  readonly train: DigitImages;
  readonly test: DigitImages;
}
