import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { currentCell, leaveCells } from "./cell-context.js";
import { send } from "./channel.js";
import type { InputAnswer, InputResult } from "./protocol.js";
import { ANSWERS } from "./shared-memory.js";

/** Thrown where nobody can be asked for input. */
class StdinNotImplementedError extends Error {
  override readonly name = "StdinNotImplementedError";
}

function textOf(result: InputResult): string {
  if (result.status === "ok") return result.value;
  throw new StdinNotImplementedError(`Cannot ask for input: ${result.reason}`);
}

/** Asks the person at the front end. */
export class Input {
  readonly #answers: MessagePort;
  readonly #shared: Int32Array;
  readonly #waiting = new Map<number, (result: InputResult) => void>();
  #latest = 0;

  /**
   * @param answers - where the watchdog puts the answers
   * @param shared - in which the watchdog counts the answers, after it has put them there
   */
  constructor(answers: MessagePort, shared: Int32Array) {
    this.#answers = answers;
    this.#shared = shared;
    answers.on("message", (answer: InputAnswer) => {
      leaveCells();
      this.#deliver(answer);
    });
  }

  /** Asks and blocks this thread until there is an answer; an interrupt terminates the wait like any other code. */
  askNow(prompt: string): string {
    const id = this.#ask(prompt, false);
    for (;;) {
      const before = Atomics.load(this.#shared, ANSWERS);
      const next = receiveMessageOnPort(this.#answers) as { readonly message: InputAnswer } | undefined;
      if (next === undefined) Atomics.wait(this.#shared, ANSWERS, before);
      else if (next.message.id === id) return textOf(next.message.result);
      else this.#deliver(next.message);
    }
  }

  /** Asks while everything else goes on. */
  async ask(prompt: string, password: boolean): Promise<string> {
    const id = this.#ask(prompt, password);
    // Thrown here and not by who delivers it, an error's stack leads back to the cell.
    return textOf(await new Promise<InputResult>((resolve) => this.#waiting.set(id, resolve)));
  }

  /** Forgets the open questions: what waits for their answers does not go on. */
  abandon(): void {
    this.#waiting.clear();
  }

  #ask(prompt: string, password: boolean): number {
    if (currentCell()?.interrupted) textOf({ status: "refused", reason: "the cell was interrupted" });
    const id = ++this.#latest;
    send({ type: "input", id, prompt, password });
    return id;
  }

  #deliver({ id, result }: InputAnswer): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }
}

/** The globals through which cells ask; `kernel/compiler/globals.ts` declares them. */
export function inputGlobals(input: Input): Readonly<Record<string, unknown>> {
  return {
    prompt(message = "", preset?: string): string {
      if (preset === undefined) return input.askNow(String(message));
      return input.askNow(`${message} [${preset}]`) || String(preset);
    },
    confirm(message = ""): boolean {
      return /^\s*y(es)?\s*$/i.test(input.askNow(`${message} [y/N]`.trimStart()));
    },
    input(text = "", { password = false }: { readonly password?: boolean } = {}): Promise<string> {
      return input.ask(String(text), password);
    },
  };
}
