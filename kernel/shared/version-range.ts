type Version = readonly [number, number, number];

/**
 * Whether a version is in a range of npm's grammar: exact, partial, `^`, `~`, comparisons, spaces for "and", `||` for "or",
 * hyphens. A tag such as `latest` is met by every version: only the registry knows which one it names.
 */
export function isInRange(version: string, range: string): boolean {
  const [core = "", prerelease] = version.split("+")[0]?.split(/-(.*)/s) ?? [];
  const parts = core.split(".").map(Number);
  const has: Version = [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
  return range.split("||").some((all) => {
    const comparators = all
      .trim()
      .replace(/^(\S+)\s+-\s+(\S+)$/, ">=$1 <=$2")
      .replace(/(>=|<=|[<>=^~])\s+/g, "$1")
      .split(/\s+/);
    // npm takes an early version only where one of the same version is named.
    const named = prerelease === undefined || comparators.some((each) => each.includes(`${core}-`));
    return comparators.every((each) => meets(has, prerelease, each, named));
  });
}

const COMPARATOR =
  /^(>=|<=|[<>=^~]?)v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([^+]+))?(?:\+.*)?$/;

function meets(has: Version, prerelease: string | undefined, comparator: string, named: boolean): boolean {
  if (comparator === "" || comparator === "*") return prerelease === undefined;
  const match = COMPARATOR.exec(comparator);
  if (match === null) return true;
  const [, operator = "", ...rest] = match;
  const numbers = rest.slice(0, 3).map((part) => (/^\d+$/.test(part ?? "") ? Number(part) : undefined));
  const given = numbers.includes(undefined) ? numbers.indexOf(undefined) : 3;
  if (given === 0) return named;
  const low: Version = [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
  const atLow = compare(has, low) || compareEarly(prerelease, rest[3]);
  const belowHigh = (places: number): boolean => compare(has, next(low, places)) < 0;
  if (!named) return false;
  switch (operator) {
    case ">=":
      return atLow >= 0;
    case ">":
      return given === 3 ? atLow > 0 : !belowHigh(given);
    case "<":
      return atLow < 0;
    case "<=":
      return given === 3 ? atLow <= 0 : belowHigh(given);
    case "^": {
      const significant = low.findIndex((part) => part > 0) + 1;
      return atLow >= 0 && belowHigh(significant === 0 ? given : Math.min(significant, given));
    }
    case "~":
      return atLow >= 0 && belowHigh(Math.min(2, given));
    default:
      return given === 3 ? atLow === 0 : atLow >= 0 && belowHigh(given);
  }
}

/** The first version with a higher number at one of the first places. */
function next(version: Version, places: number): Version {
  const [major, minor, patch] = version;
  if (places === 1) return [major + 1, 0, 0];
  return places === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The order of `1.0.0-alpha.2`, `1.0.0-alpha.10` and `1.0.0`. */
function compareEarly(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.localeCompare(b, "en", { numeric: true });
}
