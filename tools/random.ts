/** Numbers that look random and are the same for the same seed (mulberry32, seeded by FNV-1a). */
export class Random {
  #state: number;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    this.#state = hash >>> 0;
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to below `bound`. */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(items.length)];
    if (item === undefined) throw new RangeError("Cannot pick: there must be an item, got an empty list");
    return item;
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const keys = items.map((item) => ({ item, key: this.next() }));
    return keys.sort((left, right) => left.key - right.key).map(({ item }) => item);
  }

  /** Letters and digits, the first a letter. */
  word(length: number): string {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const rest = Array.from({ length: length - 1 }, () => this.pick([...letters, ..."0123456789"]));
    return [this.pick([...letters]), ...rest].join("");
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.integer(256)));
  }
}
