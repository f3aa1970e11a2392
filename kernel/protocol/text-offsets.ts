/** The protocol counts Unicode code points where JavaScript counts UTF-16 code units. */
export function toCodeUnits(text: string, codePoints: number): number {
  let units = 0;
  let points = 0;
  for (const character of text) {
    if (points === codePoints) break;
    units += character.length;
    points++;
  }
  return units;
}

/** The inverse of {@link toCodeUnits}. */
export function toCodePoints(text: string, codeUnits: number): number {
  return [...text.slice(0, codeUnits)].length;
}
