/**
 * What a name ends in by which the session knows a variable of the notebook. No other code has such names, so none takes a
 * notebook's variable for what it asks for. The character shows nothing.
 */
const MARK = "\u{E01EF}";

/** What the session calls a notebook's own variable. */
export const shadowing = (name: string): string => `${name}${MARK}`;

/** A text by V8, such as an error's message or a function's code, with names as they were written. */
export const withoutShadowing = (text: string): string => text.replaceAll(MARK, "");
