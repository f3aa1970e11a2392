import { loadElectricity } from "rnnlab/datasets";

/** How a circulating copy of the file is written. */
export interface CopyStyle {
  readonly header?: string;
  readonly newline?: string;
  readonly byteOrderMark?: boolean;
  readonly dates?: (year: string, month: number) => string;
}

const padded = (month: number): string => String(month).padStart(2, "0");

export const dateStyles = {
  "MM-DD-YYYY": (year: string, month: number) => `${padded(month)}-01-${year}`,
  "M/D/YYYY": (year: string, month: number) => `${month}/1/${year}`,
  "YYYY-MM-DD": (year: string, month: number) => `${year}-${padded(month)}-01`,
};

/** Writes the embedded sample as one of the circulating copies would be. */
export async function writeCopy(style: CopyStyle = {}): Promise<string> {
  const { header = "DATE,VALUE", newline = "\n", dates = dateStyles["MM-DD-YYYY"] } = style;
  const { rows } = await loadElectricity({ source: "sample" });
  const lines = rows.map(({ month, value }) => {
    const date = dates(String(month.getUTCFullYear()), month.getUTCMonth() + 1);
    return `${date},${value}`;
  });
  return `${style.byteOrderMark ? "\ufeff" : ""}${[header, ...lines].join(newline)}${newline}`;
}
