/** What Keras's tokeniser replaces by spaces: ASCII punctuation but the apostrophe. */
const PUNCTUATION = /[!-&(-/:-@[-`{-~\t\n]/g;

/**
 * Splits a review into words as the IMDB word index was made: ASCII letters in lower case, ASCII punctuation but the
 * apostrophe gone, split at white space.
 */
export function reviewWords(text: string): string[] {
  return text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(PUNCTUATION, " ")
    .split(/[ \r\f\v]+/)
    .filter((word) => word !== "");
}
