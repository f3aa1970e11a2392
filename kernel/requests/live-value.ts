import type { Command, Evaluated } from "../debugger/inspector.js";
import type { Language } from "../shared/language.js";
import { log } from "../shared/log.js";
import type { JsonObject } from "../shared/session-messages.js";
import { shadowing } from "../shared/shadowed-names.js";

/** How long the session may take to say what a value is, in ms. Help does not wait for one that is busy. */
const PATIENCE = 50;

/**
 * Asks the session what a variable of the notebook is now. No code of the user's runs for it.
 *
 * @param command - asks the inspector of the session
 * @param name - the variable
 * @param language - of the cells
 * @returns one line; undefined if the session cannot say it at once
 */
export async function liveValue(
  command: Command,
  name: string,
  language: Language,
): Promise<string | undefined> {
  // In plain JavaScript most variables are the global object's.
  const names = language === "javascript" ? [shadowing(name), name] : [shadowing(name)];
  const reads = names.map((each) => `() => ${each}`).join(", ");
  const answer = ask(command, reads);
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined).unref());
  try {
    const response = (await Promise.race([answer, patience])) as Evaluated | undefined;
    return typeof response?.result.value === "string" ? response.result.value : undefined;
  } catch (failure) {
    log("Cannot tell what a value is", failure);
    return undefined;
  }
}

/** Asks the session what some value is, since its first answer takes longer than help waits. */
export async function makeReadyForHelp(command: Command): Promise<void> {
  await ask(command, "() => [0]").catch((failure) => log("Cannot make ready for help", failure));
}

const ask = (command: Command, reads: string): Promise<JsonObject> =>
  command("Runtime.evaluate", {
    expression: `__rnnlab__.inspection.now(${reads})`,
    silent: true,
    returnByValue: true,
  });
