import type { RandomGenerator } from "../../random/index.js";
import { reviewWords } from "./review-words.js";

/** Lists that fill the slots of sentences, and groups of sentences. */
export interface Phrases {
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly neutral: readonly string[];
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly goodVerdict: readonly string[];
  readonly badVerdict: readonly string[];
}

type Group = Exclude<keyof Phrases, "slots">;

/** A piece of text, and the numbers of its words in the book's vocabulary. */
export interface Fragment {
  readonly text: string;
  readonly words: readonly number[];
}

/** Fixed fragments, and lists to draw one from. */
type Sentence = readonly (readonly Fragment[])[];

/** Sentences whose words are numbered beforehand, so that reviews are drawn as text and as numbers alike. */
export class PhraseBook {
  /** Every word that can occur. */
  readonly vocabulary: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #groups: Readonly<Record<Group, readonly Sentence[]>>;

  constructor(phrases: Phrases) {
    const lists = new Map(
      Object.entries(phrases.slots).map(([name, list]) => [name, list.map((text) => this.#fragment(text))]),
    );
    const sentences = (templates: readonly string[]): Sentence[] =>
      templates.map((template) => this.#parse(template, lists));
    this.#groups = {
      neutral: sentences(phrases.neutral),
      good: sentences(phrases.good),
      bad: sentences(phrases.bad),
      goodVerdict: sentences(phrases.goodVerdict),
      badVerdict: sentences(phrases.badVerdict),
    };
  }

  /** Draws a sentence of a group, as fragments that are written one after the other. */
  draw(group: Group, random: RandomGenerator): Fragment[] {
    return pick(this.#groups[group], random).map((choices) => pick(choices, random));
  }

  #parse(template: string, lists: ReadonlyMap<string, readonly Fragment[]>): Sentence {
    return template
      .split(/(\{\w+\})/)
      .filter((part) => part !== "")
      .map((part) => (part.startsWith("{") ? this.#list(part, lists) : [this.#fragment(part)]));
  }

  #list(slot: string, lists: ReadonlyMap<string, readonly Fragment[]>): readonly Fragment[] {
    const list = lists.get(slot.slice(1, -1));
    if (list === undefined)
      throw new Error(`Cannot parse a phrase: there must be a list for each slot, got ${slot}`);
    return list;
  }

  #fragment(text: string): Fragment {
    return { text, words: reviewWords(text).map((word) => this.#numberOf(word)) };
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.vocabulary.length);
    return this.vocabulary.push(word) - 1;
  }
}

function pick<Item>(items: readonly Item[], random: RandomGenerator): Item {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new Error("Cannot draw a phrase: there must be one, got an empty list");
  return item;
}
