import { basename } from "node:path";

/** What drives whole kernels: a test file takes seconds, and all of them half an hour. */
const KERNEL_TESTS = ["kernel/", "cli/lsp"];

/** Those of them that take a minute: they make start-up snapshots of their own, or start other programs. */
const SLOW = ["tensor-types", "vscode", "jupyter-client", "jupyter-kernel-test", "nbconvert"];

/** How many of them a source of the kernel gets by its words. */
const MOST = 8;

/** What it gets besides, as nearly all of its process takes part in it. */
const BROAD = {
  compiler: ["types-across-cells", "redeclaration", "completion", "imports"],
  session: ["execute-result", "errors", "imports", "interrupt"],
};

/**
 * Chooses the tests that are to notice a mutant: those of the module that mirrors the source's and those in whose
 * name that module's name stands. Those come first whose names share words with the source's, then those whose text is
 * like the source. A source of the kernel gets the first of all that drive a kernel, and some broad ones.
 *
 * @param source - as "src/training/callbacks/early-stopping.ts"
 * @param tests - the paths of all tests below `test/`
 * @param likeness - how much a test's text is like the source
 * @returns some of them
 */
export function relatedTests(
  source: string,
  tests: readonly string[],
  likeness: (test: string) => number = () => 0,
): string[] {
  // A module's folders are tested together, and the kernel as a whole, through its protocol.
  const [name = ""] = source.replace(/^src\//, "").split("/");
  const room = `${name}/`;
  const words = wordsOf(source);
  const shared = (test: string) => wordsOf(test).filter((word) => words.includes(word)).length;
  const ordered = (some: readonly string[]) =>
    some
      .map((test) => ({ test, shared: shared(test), likeness: likeness(test) }))
      .sort((a, b) => b.shared - a.shared || b.likeness - a.likeness || (a.test < b.test ? -1 : 1))
      .map(({ test }) => test);
  if (name !== "kernel")
    return ordered(tests.filter((test) => test.startsWith(room) || wordsOf(test).includes(name)));
  const slow = SLOW.map(testOf);
  const drivers = tests.filter(
    (test) => !slow.includes(test) && KERNEL_TESTS.some((start) => test.startsWith(start)),
  );
  const broad = BROAD[source.startsWith("kernel/compiler/") ? "compiler" : "session"];
  const added = broad.map(testOf).filter((test) => tests.includes(test));
  return [...new Set([...ordered(drivers).slice(0, MOST), ...added])];
}

const testOf = (name: string): string => `kernel/${name}.test.ts`;

function wordsOf(path: string): string[] {
  return basename(path)
    .replace(/(\.test)?\.ts$/, "")
    .split("-");
}
