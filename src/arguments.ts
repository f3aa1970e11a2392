/**
 * A value that is not what it must be, as messages show it.
 *
 * @param value - any value
 * @returns JSON, cut where it is long; of what JSON cannot say, the kind
 */
export function quote(value: unknown): string {
  const text = jsonOf(value) ?? `a ${typeof value}`;
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function jsonOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === "number") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // Cyclic, or a bigint: then its kind must do.
    return undefined;
  }
}
