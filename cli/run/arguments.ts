import { statSync } from "node:fs";
import { UsageError } from "../../src/platform/usage-error.js";
import { nameAndValue, parseArguments, readTimeout } from "../arguments.js";

/** What the command line of `rnnlab run` asks for. */
export interface RunArguments {
  readonly notebooks: readonly string[];
  /** From `-p`, in their order: the text is read by the declared type. */
  readonly parameters: ReadonlyMap<string, string>;
  /** A file with more of them. */
  readonly parametersFile: string | undefined;
  readonly output: string | undefined;
  readonly html: boolean;
  /** In seconds. */
  readonly timeout: number | undefined;
  readonly allowErrors: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  parameter: { type: "string", short: "p", multiple: true },
  parameters: { type: "string" },
  output: { type: "string" },
  html: { type: "boolean" },
  timeout: { type: "string" },
  "allow-errors": { type: "boolean" },
  json: { type: "boolean" },
} as const;

/**
 * Reads the arguments.
 *
 * @param args - what follows the command's name
 * @throws {UsageError} when they are wrong
 */
export function readRunArguments(args: readonly string[]): RunArguments {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (positionals.length === 0) throw new UsageError("run takes notebooks");
  // Those that were written by earlier runs would be run, too.
  const folder = positionals.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) throw new UsageError(`run takes notebooks, got the folder ${folder}`);
  return {
    notebooks: positionals,
    parameters: readPairs(values.parameter ?? []),
    parametersFile: values.parameters,
    output: values.output,
    html: values.html ?? false,
    timeout: readTimeout(values.timeout),
    allowErrors: values["allow-errors"] ?? false,
    json: values.json ?? false,
  };
}

function readPairs(pairs: readonly string[]): Map<string, string> {
  const read = new Map<string, string>();
  for (const pair of pairs) {
    const [name, value] = nameAndValue("-p", pair);
    if (read.has(name)) throw new UsageError(`-p takes each name once, got ${name} twice`);
    read.set(name, value);
  }
  return read;
}
