import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { hasTerminatedJobs } from "../interrupts/guarded-call.js";
import { attributedSerial, print } from "../output/output.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";

/** Of the session's own `import()`, and of JSON modules. */
const EXPERIMENTAL = /^(?:vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER|Importing JSON modules) /;
const COLLECTED_FILE = /^Closing (?:file descriptor \d+|a FileHandle object) on garbage collection/;

/**
 * Whether the user can do nothing about a warning: the session's importer and JSON modules are experimental, and files
 * that interrupted code has left open are closed when they are garbage.
 */
function isOfNoUse({ message }: Error): boolean {
  return EXPERIMENTAL.test(message) || (hasTerminatedJobs() && COLLECTED_FILE.test(message));
}

/** The cell that has opened a file last, by its descriptor. */
const openers = new Map<number, number>();
/** The cell that the latest warning of a collected file was about: another one may follow without a descriptor. */
let opener: number | undefined;

/** Remembers which cell opens a file: Node says only much later, in another cell, that nobody has closed it. */
function rememberOpeners(): void {
  const files = cells.modules.fs.promises;
  const { open } = files;
  const remember = async (...args: Parameters<typeof open>) => {
    const serial = attributedSerial();
    const file = await open(...args);
    openers.set(file.fd, serial);
    return file;
  };
  const remembering = (...args: Parameters<typeof open>) => cells.promise(remember(...args));
  Object.assign(files, { open: inPlaceOf(open, remembering) });
  syncBuiltinESMExports();
}

/** Shows the warning of a file that was garbage before it was closed with the cell that has opened it. */
function tellOpener({ name, message }: Error): boolean {
  if (!COLLECTED_FILE.test(message)) return false;
  const descriptor = /\d+/.exec(message);
  if (descriptor !== null) opener = openers.get(Number(descriptor[0]));
  if (opener === undefined) return false;
  print(opener, "stderr", `${name}: ${message}\n`);
  return true;
}

/** Shows warnings where they belong, and none about which the user can do nothing. */
export function arrangeWarnings(): void {
  rememberOpeners();
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (isOfNoUse(warning) || tellOpener(warning)) return;
    for (const listener of listeners) listener(warning);
  });
}
