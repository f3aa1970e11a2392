/** How much texts speak of the same things, by their words. A word counts the more, the fewer of the texts have it. */
export class Likeness {
  readonly #words = new Map<string, ReadonlyMap<string, number>>();
  /** In how many of the texts a word stands. */
  readonly #spread = new Map<string, number>();

  /** @param texts - the texts, by name */
  constructor(texts: ReadonlyMap<string, string>) {
    for (const [name, text] of texts) {
      const counts = countsOf(text);
      this.#words.set(name, counts);
      for (const word of counts.keys()) this.#spread.set(word, (this.#spread.get(word) ?? 0) + 1);
    }
  }

  /**
   * Compares one more text with all.
   *
   * @param text - the text
   * @returns a number from 0 to 1 for each name: the cosine between the two texts' weights of words
   */
  to(text: string): (name: string) => number {
    const own = this.#weights(countsOf(text));
    return (name) => {
      const other = this.#weights(this.#words.get(name) ?? new Map());
      let product = 0;
      for (const [word, weight] of own) product += weight * (other.get(word) ?? 0);
      return product / Math.max(length(own) * length(other), Number.MIN_VALUE);
    };
  }

  #weights(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const total = this.#words.size + 1;
    return new Map(
      Array.from(counts, ([word, count]) => {
        const rarity = Math.log(total / ((this.#spread.get(word) ?? 0) + 1));
        return [word, (1 + Math.log(count)) * rarity];
      }),
    );
  }
}

/** Its words in small letters; those of names such as `isComplete` count one by one. */
function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/[A-Z]?[a-z]{3,}/g)) {
    const small = word.toLowerCase();
    counts.set(small, (counts.get(small) ?? 0) + 1);
  }
  return counts;
}

function length(weights: ReadonlyMap<string, number>): number {
  let squares = 0;
  for (const weight of weights.values()) squares += weight * weight;
  return Math.sqrt(squares);
}
