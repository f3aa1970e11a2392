const undoings = new Set<() => void>();
let listening = false;

/**
 * Registers what must be undone if the process ends before the work is finished, by Ctrl-C for instance.
 *
 * @param undo - runs synchronously when the process exits
 * @returns a function that takes the registration back, for when the work is finished
 */
export function undoOnExit(undo: () => void): () => void {
  listen();
  undoings.add(undo);
  return () => undoings.delete(undo);
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on("exit", () => {
    for (const undo of undoings) undo();
  });
  // A signal does not run the exit listeners by itself.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}
