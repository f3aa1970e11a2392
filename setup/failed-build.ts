import { rmSync, writeFileSync } from "node:fs";
import { readMarker } from "./marker.js";
import type { BuildTools } from "./node-gyp.js";
import { SetupError } from "./setup-error.js";

/** What gcc, clang and make take from the environment. */
const VARIABLES = ["CC", "CXX", "AR", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS"];

/** A compilation that failed. */
export interface FailedBuild {
  /** What the compiler says of itself. */
  readonly compiler: string;
  /** The command that lets set-up try it again. */
  readonly again: string;
}

/**
 * Reads about a failed compilation.
 *
 * @param file - where it was noted
 * @returns undefined, if there was none
 */
export function readFailure(file: string): FailedBuild | undefined {
  const compiler = readMarker(file)?.compiler;
  return typeof compiler === "string" ? { compiler, again: `rm '${file}'; npx rnnlab setup` } : undefined;
}

/**
 * Does a compilation, unless the same one has failed before: it would fail again, after as many seconds.
 *
 * @param file - where a failure is noted; its name holds what is compiled
 * @param tools - the compiler and Node's headers
 * @param build - compiles
 * @throws {SetupError} when it fails or has failed
 */
export async function unlessFailedBefore(
  file: string,
  tools: BuildTools,
  build: () => Promise<void>,
): Promise<void> {
  const means = meansOf(tools);
  const failure = readFailure(file);
  if (failure !== undefined && JSON.stringify(readMarker(file)) === JSON.stringify(means)) {
    const repair = `try another compiler in CXX, or the same again: ${failure.again}`;
    throw new SetupError(`Cannot compile ${tools.what}: it failed before with ${failure.compiler}`, repair);
  }
  try {
    await build();
  } catch (error) {
    if (error instanceof SetupError && !isPassing(error)) {
      writeFileSync(file, `${JSON.stringify(means)}\n`);
      throw new SetupError(
        error.message.split("\n")[0] as string,
        `${error.repair}; with the same compiler it is tried again after: rm '${file}'`,
        error.tried,
        error,
      );
    }
    throw error;
  }
  rmSync(file, { force: true });
}

function meansOf({ compiler, headers, env }: BuildTools): object {
  const variables = Object.fromEntries(VARIABLES.map((name) => [name, env[name] ?? ""]));
  return { compiler, headers, node: process.versions.node, variables };
}

/** What may be otherwise in a minute. */
const isPassing = ({ message }: SetupError) => /No space left on device|no result after/.test(message);
