import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../src/platform/usage-error.js";

/** The longest time that a timer takes, in seconds. */
const LONGEST_TIMEOUT = Math.floor((2 ** 31 - 1) / 1000);

/**
 * Parts the arguments of a command into options and names.
 *
 * @param args - what follows the command's name
 * @param options - those that the command takes, as `parseArgs` of Node describes them
 * @param allowPositionals - whether it takes names
 * @throws {UsageError} when there is another option, one without its value, or a name that it does not take
 */
export function parseArguments<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
  allowPositionals = true,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: withJoinedValues(args), options, allowPositionals });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** The value after `-p` may begin with a minus, which the parser would take for an option's. */
function withJoinedValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const [arg = "", next] = args.slice(at, at + 2);
    if (arg === "--") return [...joined, ...args.slice(at)];
    if (arg === "-p" && next !== undefined) {
      joined.push(`-p${next}`);
      at++;
    } else joined.push(arg);
  }
  return joined;
}

/**
 * Reads `name=value`; a value may have more of `=`.
 *
 * @param option - that takes it
 * @param text - what was given
 * @throws {UsageError} when it has no name
 */
export function nameAndValue(option: string, text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name === "") throw new UsageError(`${option} takes NAME=VALUE, got ${JSON.stringify(text)}`);
  return [name, text.slice(at + 1)];
}

/**
 * Reads `--timeout`.
 *
 * @param text - what was given
 * @returns seconds; nothing where nothing was given
 * @throws {UsageError} when no timer takes it
 */
export function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (!(seconds > 0 && seconds <= LONGEST_TIMEOUT))
    throw new UsageError(
      `--timeout must be a number of seconds, at most ${LONGEST_TIMEOUT}, got ${JSON.stringify(text)}`,
    );
  return seconds;
}
