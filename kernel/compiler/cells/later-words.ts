/** What a name is written as, whatever it stands for. */
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/gu;
/** A name can be written in escapes: then nobody can say which words a text has. */
const ESCAPE = "\\u";

/** Whether cells after a certain one have a word. */
export type LaterWords = (word: string) => boolean;

/**
 * The words of the cells that follow each cell.
 *
 * @param sources - the cells in their order
 * @returns for each cell whether one after it has a word in it, be it a name, a part of a text or of a comment
 */
export function laterWords(sources: readonly string[]): LaterWords[] {
  const last = new Map<string, number>();
  let lastEscape = -1;
  for (const [index, source] of sources.entries()) {
    for (const [word] of source.matchAll(WORD)) last.set(word, index);
    if (source.includes(ESCAPE)) lastEscape = index;
  }
  return sources.map((_, index) => (word) => Math.max(lastEscape, last.get(word) ?? -1) > index);
}
