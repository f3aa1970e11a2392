import type { Check } from "./check.js";
import { habitsIn } from "./english.js";
import { readSources } from "./sources.js";

/** Comments tell of parameters and errors in one way. */
export const tagsAreUniform: Check = {
  name: "comments write @param name - what it is, and @throws {Type} when",
  run: async () => [...readSources()].flatMap(([path, text]) => oddTags(path, text)),
};

/** Comments are written as the pages are. */
export const commentsArePlain: Check = {
  name: "comments have no turns of phrase to drop",
  run: async () => [...readSources()].flatMap(([path, text]) => oddPhrases(path, text)),
};

/**
 * Finds turns of phrase to drop in comments.
 *
 * @param path - the file's name, for the messages
 * @param text - its content
 * @returns one line a problem
 */
export function oddPhrases(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const comment = /^\s*(?:\/\*\*|\*|\/\/).*/.exec(line)?.[0] ?? "";
    return habitsIn(comment).map((habit) => `${path}:${index + 1}: ${habit}`);
  });
}

/**
 * Finds tags in comments that are written in another way.
 *
 * @param path - the file's name, for the messages
 * @param text - its content
 * @returns one line a problem
 */
export function oddTags(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const place = `${path}:${index + 1}`;
    const [, name] = /^\s*(?:\/\*)?\*+\s*@param (\[?[\w.]+\]?)(?![\w.\]])(?! - \S)/.exec(line) ?? [];
    if (name !== undefined) return [`${place}: write "@param ${name} - what it is"`];
    const odd = /^\s*(?:\/\*)?\*+\s*@throws (?!\{[\w |]+\} (?:when|unless) )/.test(line);
    return odd ? [`${place}: write "@throws {Type} when …"`] : [];
  });
}
