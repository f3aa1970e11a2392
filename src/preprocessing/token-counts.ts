import { compareBytes } from "./text-analysis.js";

/** How often a token occurs, and in how many documents. */
export interface TokenCount {
  total: number;
  documents: number;
  lastDocument: number;
}

/** Counts the tokens of documents, one document after the other. */
export class TokenCounts {
  readonly #counts = new Map<string, TokenCount>();

  /** How many different tokens there are. */
  get size(): number {
    return this.#counts.size;
  }

  /**
   * @param token - an occurrence of it
   * @param document - the number of the document that it occurs in
   */
  add(token: string, document: number): void {
    const entry = this.#counts.get(token);
    if (entry === undefined) {
      this.#counts.set(token, { total: 1, documents: 1, lastDocument: document });
      return;
    }
    entry.total += 1;
    if (entry.lastDocument !== document) entry.documents += 1;
    entry.lastDocument = document;
  }

  /**
   * @param tokens - which do not count
   */
  forget(tokens: readonly string[]): void {
    for (const token of tokens) this.#counts.delete(token);
  }

  /**
   * @param limit - the greatest number of tokens
   * @returns the tokens that occur most often, ties in descending order of their bytes
   */
  mostFrequent(limit: number): [string, TokenCount][] {
    const totals = Float64Array.from(this.#counts.values(), ({ total }) => total).sort();
    // Millions of rare n-grams are left out by their number before strings are compared.
    const least = totals[Math.max(0, totals.length - limit)] ?? Number.POSITIVE_INFINITY;
    const frequent: [string, TokenCount][] = [];
    for (const entry of this.#counts) if (entry[1].total >= least) frequent.push(entry);
    return frequent
      .sort(([a, one], [b, other]) => other.total - one.total || compareBytes(b, a))
      .slice(0, limit);
  }
}
