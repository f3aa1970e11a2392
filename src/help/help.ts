import { inspect } from "node:util";
import { display, oneLine } from "../display/index.js";
import { moduleNames } from "./declarations.js";
import { type Subject, subjectOfName, subjectOfValue } from "./find-subject.js";
import { modulePage, packagePage, subjectPage, toPlainText } from "./page.js";

/**
 * Shows the documentation of something of rnnlab: what it does, its parameters, what it returns and throws, and an
 * example. In a notebook it is formatted, elsewhere printed. It is read from the declarations that the package comes
 * with, as the editor's own help is; for what is not rnnlab's a cell asks the editor, as in `tf.tidy?`.
 *
 * @param subject - an exported function, class or object, a method or instance of one, a name ("fit", "layers.lstm",
 *   "ProgressBar.update"), or a module ("rnnlab/plot"); unless given, all modules
 * @example
 * ```ts
 * import { help } from "rnnlab/help";
 * help("layers.lstm");
 * ```
 */
export function help(subject?: unknown): void {
  const page = pageOf(subject);
  if (page === undefined) {
    const what = oneLine(typeof subject === "string" ? subject : inspect(subject, { depth: -1 }));
    void display({
      "text/plain": `rnnlab has no documentation of ${what}; for what is not its own, ask name? in a cell`,
    });
    return;
  }
  void display({ "text/markdown": page, "text/plain": toPlainText(page) });
}

function pageOf(subject: unknown): string | undefined {
  if (subject === undefined || subject === "rnnlab") return packagePage();
  if (typeof subject !== "string") return written(subjectOfValue(subject));
  const module = subject.replace(/^rnnlab\//, "");
  if (module !== subject) return moduleNames().includes(module) ? modulePage(module) : undefined;
  return written(subjectOfName(subject));
}

function written(subject: Subject | undefined): string | undefined {
  return subject && subjectPage(subject);
}
