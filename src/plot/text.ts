/** Plotly reads a few tags in its texts: as entities they are shown as they were written. */
export function plainText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** As {@link plainText}, for a hover template, where a percent sign would start a placeholder. */
export function templateText(text: string): string {
  return plainText(text).replaceAll("%", "&#37;");
}

/** The text that {@link plainText} or {@link templateText} was given. */
export function writtenText(text: string): string {
  const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&#37;": "%" };
  return text.replace(/&(lt|gt|amp|#37);/g, (entity) => entities[entity] ?? entity);
}

/**
 * Writes labels as the categories of an axis. Plotly puts equal ones into one place, but a word may stand twice in a
 * sentence: what comes again gets a space of no width.
 *
 * @param labels - any texts or numbers
 * @returns as many different texts, which look like the labels
 */
export function categories(labels: ArrayLike<string | number>): string[] {
  const seen = new Map<string, number>();
  return Array.from(labels, (label) => {
    const text = plainText(String(label));
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return text + "\u200b".repeat(count);
  });
}

/** A number for a label: at most four digits that say something, thousands set off. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(2).replace("-", "−");
  const digits = Number.isInteger(value) ? 0 : Math.max(0, 3 - Math.floor(Math.log10(size)));
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");
}
