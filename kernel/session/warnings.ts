import { hasTerminatedJobs } from "./guarded-call.js";

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

/** Keeps warnings about which the user can do nothing from being shown. */
export function silenceWarnings(): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (isOfNoUse(warning)) return;
    for (const listener of listeners) listener(warning);
  });
}
