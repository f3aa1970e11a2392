import { basename } from "node:path";

/**
 * Chooses the tests that are to notice a mutant: those of the module that mirrors the source's and those in whose
 * name that module's name stands, and first those whose names share a word with the source's.
 *
 * @param source - as "src/training/callbacks/early-stopping.ts"
 * @param tests - the paths of all tests below `test/`
 * @returns some of them
 */
export function relatedTests(source: string, tests: readonly string[]): string[] {
  // A module's folders are tested together, and the kernel as a whole, through its protocol.
  const [name = ""] = source.replace(/^src\//, "").split("/");
  const room = `${name}/`;
  const words = wordsOf(source);
  const shared = (test: string) => wordsOf(test).filter((word) => words.includes(word)).length;
  return tests
    .filter((test) => test.startsWith(room) || wordsOf(test).includes(name))
    .sort((a, b) => shared(b) - shared(a) || (a < b ? -1 : 1));
}

function wordsOf(path: string): string[] {
  return basename(path)
    .replace(/(\.test)?\.ts$/, "")
    .split("-");
}
