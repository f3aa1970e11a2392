const COMMAND = /^\s*%replay(?:[^\S\n]+(\S.*?))?\s*$/;
const NUMBER = /^[1-9]\d*$/;

/** What is to be shown again. */
export interface ReplayWish {
  /** The number of a cell; without it, the latest one that has put out something. */
  readonly cell: number | undefined;
  /** Only what came since then, in milliseconds as `Date` counts them. */
  readonly since: number | undefined;
}

/**
 * Reads a cell as the command to show outputs again, which the kernel takes at once, also while a cell runs; no
 * TypeScript looks like this.
 *
 * @param code - the whole cell: `%replay`, or with the number of a cell `%replay 3`
 * @returns what is asked, what is wrong with it, or nothing if the cell is code
 */
export function replayCommand(code: string): ReplayWish | { readonly complaint: string } | undefined {
  const match = COMMAND.exec(code);
  if (match === null) return undefined;
  const [, asked] = match;
  if (asked === undefined) return { cell: undefined, since: undefined };
  if (NUMBER.test(asked)) return { cell: Number(asked), since: undefined };
  return {
    complaint: `Cannot replay: %replay takes the number of a cell, such as %replay 3, got ${asked}\n`,
  };
}
