/**
 * An option that a layer takes for all axes or for each, as Keras's do.
 *
 * @param axes - how many there are
 * @param value - one number, or a list of them
 * @returns a number an axis; 1 where none is given
 */
export function perAxis(axes: number, value: number | number[] | undefined): number[] {
  return Array.from({ length: axes }, (_, i) => (Array.isArray(value) ? value[i] : value) ?? 1);
}
