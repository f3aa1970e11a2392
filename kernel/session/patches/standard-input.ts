import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import type readline from "node:readline";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers";
import { attributedSerial, print } from "../output/output.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";

type Options = readline.ReadLineOptions;
type Create = (input: NodeJS.ReadableStream | Options, ...rest: unknown[]) => readline.Interface;

const NO_KEYS = "Cannot read single keys: a notebook has no terminal; `await input()` asks for a line";

/** Refuses what asks key by key, menus for instance. Some of it swallows the error, which is therefore printed, too. */
function refuseKeys(): never {
  print(attributedSerial(), "stderr", `${NO_KEYS}\n`);
  throw new Error(NO_KEYS);
}

/** Lines that the person gives when they are asked, and no others. */
class AskedLines extends Readable {
  asked = false;

  override _read(): void {}

  give(line: string): void {
    this.asked = true;
    this.push(`${line}\n`);
  }

  /** Who wants lines without ever asking for one finds that there are none, as ever. */
  endUnlessAsked(): void {
    setImmediate(() => {
      if (!this.asked) this.push(null);
    });
  }
}

/**
 * From here on `readline` asks the person at the front end what it would have asked a terminal. What reads single keys of
 * the standard input is refused at once: it would wait for ever.
 *
 * @param ask - asks for a line, and waits for it
 */
export function installStandardInput(ask: (prompt: string) => string): void {
  const { readline } = cells.modules;
  for (const library of [readline, readline.promises]) {
    const create = library.createInterface as unknown as Create;
    const createInterface: Create = (input, ...rest) => {
      const options = optionsOf(input, rest);
      return options.input === process.stdin ? askingInterface(create, options, ask) : create(input, ...rest);
    };
    Object.assign(library, { createInterface: inPlaceOf(create, createInterface) });
  }
  syncBuiltinESMExports();
  watchStandardInput();
}

function optionsOf(
  input: NodeJS.ReadableStream | Options,
  [output, completer, terminal]: unknown[],
): Options {
  if ("input" in input && !("read" in input)) return input;
  return { input, output, completer, terminal } as unknown as Options;
}

function askingInterface(
  create: Create,
  options: Options,
  ask: (prompt: string) => string,
): readline.Interface {
  if (options.terminal) refuseKeys();
  const lines = new AskedLines();
  const asking = create({ ...options, input: lines, terminal: false });
  asking.on("newListener", (event) => {
    if (event === "line") lines.endUnlessAsked();
  });
  // `question` calls it, too.
  asking.prompt = () => {
    // Also while the answer is awaited: the lines must not end.
    lines.asked = true;
    lines.give(ask(asking.getPrompt()));
  };
  return asking;
}

/** The standard input is made when somebody first looks at it. */
function watchStandardInput(): void {
  const make = Object.getOwnPropertyDescriptor(process, "stdin")?.get;
  if (make === undefined) return;
  let known: NodeJS.ReadStream | undefined;
  const get = (): NodeJS.ReadStream => {
    if (known !== undefined) return known;
    known = Reflect.apply(make, process, []) as NodeJS.ReadStream;
    known.on("newListener", (event) => {
      if (event === "keypress") refuseKeys();
    });
    return known;
  };
  Object.defineProperty(process, "stdin", { get, configurable: true, enumerable: true });
}
