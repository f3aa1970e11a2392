/** Word indices from 1 and labels, in the order of the file. */
export interface IndexedReviews {
  readonly reviews: readonly Int32Array[];
  readonly labels: ArrayLike<number>;
}

/** A review as the archive has it. */
export interface RawReview {
  readonly text: string;
  readonly label: 0 | 1;
}
