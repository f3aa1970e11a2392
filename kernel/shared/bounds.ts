/** What may be in memory at once of what the user's code puts out: however much it is, the kernel's processes stay small. */

const MIB = 2 ** 20;

/** The longest piece of printed text, in UTF-16 code units: longer ones are cut. As JSON it takes at most six times as much. */
export const LONGEST_TEXT = MIB;

/**
 * The largest message from the session, in bytes: its code is told that a larger one cannot be sent. As JSON it takes at
 * most six times as much, and must be less than the 512 MiB of V8's longest string.
 */
export const LARGEST_MESSAGE = 80 * MIB;

/** How much output may wait for a message that comes before it, or a message for that output, in bytes. */
export const LARGEST_BACKLOG = MIB;

/** What the code is told that would send a larger message; without a size, the message is longer than V8's longest string. */
export function tooLarge(what: string, bytes?: number): RangeError {
  const got = bytes === undefined ? "more than 512 MiB" : `${(bytes / MIB).toFixed(1)} MiB`;
  return new RangeError(
    `Cannot send ${what} to the front end: it must take at most ${LARGEST_MESSAGE / MIB} MiB, got ${got}`,
  );
}
