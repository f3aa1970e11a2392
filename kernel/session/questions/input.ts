import type { InputResult } from "../../shared/session-messages.js";
import { attributedSerial, print } from "../output/output.js";
import { currentCell } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";
import type { Questions } from "./questions.js";

/** Thrown where nobody can be asked for input. */
class StdinNotImplementedError extends Error {
  override readonly name = "StdinNotImplementedError";
}

function textOf(result: InputResult): string {
  if (result.status === "ok") return result.value;
  throw new StdinNotImplementedError(`Cannot ask for input: ${result.reason}`);
}

function refuseInterrupted(): void {
  if (currentCell()?.interrupted) textOf({ status: "refused", reason: "the cell was interrupted" });
}

/** Asks the person at the front end for a line, and waits for it. */
export function lineAsker(questions: Questions): (prompt: string) => string {
  return (prompt) => {
    refuseInterrupted();
    return textOf(questions.askNow<"input">({ type: "input", prompt, password: false }));
  };
}

/** The globals through which cells ask the person at the front end; `kernel/compiler/library/globals.ts` declares them. */
export function inputGlobals(questions: Questions) {
  const askNow = lineAsker(questions);
  const askLater = async (prompt: string, password: boolean): Promise<string> => {
    refuseInterrupted();
    // Thrown here and not by who delivers it, an error's stack leads back to the cell.
    return textOf(await questions.ask<"input">({ type: "input", prompt, password }));
  };
  return {
    alert(message: unknown = ""): void {
      print(attributedSerial(), "stdout", `${message}\n`);
    },
    prompt(message = "", preset?: string): string {
      if (preset === undefined) return askNow(String(message));
      return askNow(`${message} [${preset}]`) || String(preset);
    },
    confirm(message = ""): boolean {
      return /^\s*y(es)?\s*$/i.test(askNow(`${message} [y/N]`.trimStart()));
    },
    input(text = "", { password = false }: { readonly password?: boolean } = {}): Promise<string> {
      return cells.promise(askLater(String(text), password));
    },
  };
}
