/** How many passed and how many did not. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}
