import type { Check } from "./check.js";
import { type Notebook, readNotebooks, sourceOf } from "./notebooks.js";
import { type Page, readPages, withoutBlocks } from "./pages.js";

/** The greatest mean number of words in the sentences of a page. */
const MEAN_LENGTH = 18;

/** The greatest number of words in one sentence. */
const LONGEST = 40;

/** Turns of phrase to drop, with what to write in their place. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/\bof which\b/i, "begin a new sentence"],
  [/(?<!\b(?:leave|leaves|left)\b.*)\bbehind\b/i, 'write "after", or name the place'],
  [/\bso many\b/i, "name the number, or what it depends on"],
  [/,\s*say\b\s*[.,;:)]/i, 'write "for example"'],
  [/^\s*(?:\/\*\*|\*|\/\/\/?)\s*Has [a-z]/, "say what it does: closes, keeps, makes …"],
];

/**
 * The pages and the notebooks are written in plain sentences. Pages that are made of the sources' comments are left out.
 */
export const englishIsPlain: Check = {
  name: "pages and notebooks are written in short sentences",
  run: async () => {
    const written = readPages().filter(({ path }) => !path.startsWith("docs/api/"));
    return [...written, ...readNotebooks().map(proseOf)].flatMap(heavyEnglish);
  },
};

/** A notebook's prose as a page, with a word in place of each formula. */
function proseOf({ name, notebook }: { name: string; notebook: Notebook }): Page {
  const prose = notebook.cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf);
  const text = prose.join("\n\n").replace(/\$\$[\s\S]+?\$\$/g, "");
  return { path: `notebooks/${name}`, text: text.replace(/\$[^$\n]+\$/g, "X") };
}

/**
 * Finds what is hard to read in a page.
 *
 * @param page - the page
 * @returns one line for a mean that is too high, for each sentence that is too long, and for each habit
 */
export function heavyEnglish({ path, text }: Page): string[] {
  const sentences = sentencesOf(text);
  const lengths = sentences.map(wordsIn);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const heavy =
    mean > MEAN_LENGTH
      ? [
          `${path}: sentences have ${mean.toFixed(1)} words in the mean, more than ${MEAN_LENGTH}: divide some`,
        ]
      : [];
  const long = sentences
    .filter((sentence) => wordsIn(sentence) > LONGEST)
    .map(
      (sentence) => `${path}: a sentence has ${wordsIn(sentence)} words, more than ${LONGEST}: "${sentence}"`,
    );
  const habits = withoutBlocks(text)
    .split("\n")
    .flatMap((line, index) => habitsIn(line).map((habit) => `${path}:${index + 1}: ${habit}`));
  return [...heavy, ...long, ...habits];
}

/**
 * Finds turns of phrase to drop.
 *
 * @param line - of prose; code in it does not count
 * @returns each with what to write in its place
 */
export function habitsIn(line: string): string[] {
  const prose = line.replace(/`[^`]*`/g, "");
  return HABITS.flatMap(([pattern, instead]) => {
    const found = pattern.exec(prose);
    return found === null ? [] : [`"${found[0]}": ${instead}`];
  });
}

/**
 * Finds the sentences of a page's prose: not of headings, tables and code. An item of a list ends a sentence.
 *
 * @param text - the page
 * @returns the sentences, with a word in place of each piece of code
 */
export function sentencesOf(text: string): string[] {
  const prose = withoutBlocks(text)
    .replace(/^\s*(?:#.*|\|.*|<.*>)$/gm, "")
    .replace(/`[^`\n]*`/g, "Code")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1");
  const paragraphs = prose.split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)/);
  return paragraphs
    .map((paragraph) =>
      paragraph
        .replace(/^\s*(?:[-*]|\d+\.)\s+/, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .flatMap((paragraph) => paragraph.split(/(?<=[.!?][")*]*)\s+(?=["(*]*[\p{Lu}\d])/u))
    .filter((sentence) => wordsIn(sentence) > 0);
}

function wordsIn(sentence: string): number {
  return sentence.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu)?.length ?? 0;
}
