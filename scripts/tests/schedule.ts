/** The places for test files that run side by side on two cores: most drive a kernel and wait for it. */
export const PLACES = 4;

/** How many places go to what keeps a core busy. With three such at a time, those of a browser starve. */
export const BUSY_PLACES = 2;

/** The paths of tests that keep a core busy: browsers, the lectures, installations. */
const BUSY = ["browser/", "models/", "notebooks/", "package/", "scripts/site/"];

/** The files that take longest, which begin first, so that none of them runs last and alone. */
const LONGEST = ["browser/lectures", "notebooks/lectures", "package/packed", "browser/front-ends", ...BUSY];

/** The paths of tests that need a kernel, a browser, a Python or a compiler of C++. `npm run test:unit` leaves them out. */
const NOT_UNIT = [
  "browser/",
  "cli/",
  "kernel/",
  "native/",
  "notebooks/",
  "package/",
  "papermill/",
  "plot/figure-page",
  "plot/figure-svg",
  "plot/show",
  "scripts/checks/page-examples",
  "scripts/mutants/mutants",
  "scripts/notebooks/",
  "scripts/site/",
  "scripts/tests/",
  "setup/",
  "testing/",
  "tools/",
  "training/training-progress",
];

/**
 * Puts test files in the order in which they begin.
 *
 * @param names - their paths below `test/`
 * @returns those that take longest first, the others by name
 */
export function inOrder(names: readonly string[]): string[] {
  const rank = (name: string) => {
    const place = LONGEST.findIndex((start) => name.startsWith(start));
    return place === -1 ? LONGEST.length : place;
  };
  return names.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Whether a test is done with the modules alone.
 *
 * @param name - the path of its file below `test/`
 * @returns whether it needs no other program
 */
export function isUnit(name: string): boolean {
  return !NOT_UNIT.some((start) => name.startsWith(start));
}

/**
 * How many places a test file takes while it runs.
 *
 * @param name - its path below `test/`
 * @returns their number
 */
export function placesOf(name: string): number {
  return BUSY.some((start) => name.startsWith(start)) ? BUSY_PLACES : 1;
}
