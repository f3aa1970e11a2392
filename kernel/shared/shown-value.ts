const LONGEST = 100;

/** Writes a value of any kind for an error's message, cut where it is long. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
