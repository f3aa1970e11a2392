/** How the circulating copies of the electricity series write a date. */
export type DateFormat = "MM-DD-YYYY" | "M/D/YYYY" | "YYYY-MM-DD";

const patterns: readonly [DateFormat, RegExp][] = [
  ["MM-DD-YYYY", /^(?<month>\d{2})-(?<day>\d{2})-(?<year>\d{4})$/],
  ["M/D/YYYY", /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/],
  ["YYYY-MM-DD", /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/],
];

/** Every format. */
export const dateFormats: readonly DateFormat[] = patterns.map(([name]) => name);

/** Which format the text has, or undefined if none. */
export function detectDateFormat(text: string): DateFormat | undefined {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0];
}

/** The date at midnight UTC, or undefined if the calendar has no such day. */
export function parseDate(text: string, format: DateFormat): Date | undefined {
  const groups = patterns.find(([name]) => name === format)?.[1].exec(text)?.groups;
  if (groups === undefined) return undefined;
  const [year, month, day] = [Number(groups.year), Number(groups.month), Number(groups.day)];
  const date = new Date(Date.UTC(year, month - 1, day));
  // Date takes the years 0 to 99 for 1900 to 1999, and 30 February for 2 March.
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date
    : undefined;
}

/** Writes a date of UTC in the format. */
export function formatDate(date: Date, format: DateFormat): string {
  const [year = "", month = "", day = ""] = date.toISOString().slice(0, 10).split("-");
  if (format === "MM-DD-YYYY") return `${month}-${day}-${year}`;
  return format === "M/D/YYYY" ? `${Number(month)}/${Number(day)}/${year}` : `${year}-${month}-${day}`;
}
