import { log } from "../shared/log.js";
import type { InputResult } from "../shared/session-messages.js";
import type { Json, Message } from "./wire.js";

interface Question {
  readonly content: Json;
  readonly settle: (result: InputResult) => void;
}

/** How many questions may be open at once. */
const MOST_QUESTIONS = 1000;

const refused = (reason: string): InputResult => ({ status: "refused", reason });

/** Puts the questions of running code to the front end that sent the code, one at a time. */
export class InputRequests {
  readonly #send: (request: Message, content: Json) => string;
  /** The request whose code is running. */
  #request: Message | undefined;
  /** Questions without an answer; the first one is with the front end. */
  readonly #questions: Question[] = [];
  /** The `msg_id` of the question that is with the front end. */
  #asked: string | undefined;

  /** @param send - sends an `input_request` to the sender of a request; returns its `msg_id` */
  constructor(send: (request: Message, content: Json) => string) {
    this.#send = send;
  }

  /** Runs a request's code; as long as it runs, there is somebody to ask. */
  async during<Result>(request: Message, run: () => Promise<Result>): Promise<Result> {
    this.#request = request;
    try {
      return await run();
    } finally {
      this.#request = undefined;
      this.#asked = undefined;
      for (const { settle } of this.#questions.splice(0)) {
        settle(refused("the cell ended before there was an answer; write `await input(…)`"));
      }
    }
  }

  /** Asks; resolves when the front end has answered or cannot be asked. */
  ask(prompt: string, password: boolean): Promise<InputResult> {
    if (this.#request === undefined) return Promise.resolve(refused("no cell is running"));
    if (this.#request.content.allow_stdin !== true) {
      return Promise.resolve(refused("the front end does not allow it here (allow_stdin is not true)"));
    }
    if (this.#questions.length === MOST_QUESTIONS) {
      return Promise.resolve(
        refused(`${MOST_QUESTIONS} questions are open already; write \`await input(…)\``),
      );
    }
    return new Promise((settle) => {
      this.#questions.push({ content: { prompt, password }, settle });
      if (this.#questions.length === 1) this.#sendNext();
    });
  }

  /** Takes an `input_reply`; one to an earlier question is dropped. */
  receive({ parentHeader, content }: Message): void {
    // jupyter_client, and with it the console, answers without a parent.
    const answered = parentHeader.msg_id ?? this.#asked;
    if (this.#asked === undefined || answered !== this.#asked) {
      log("Dropped an input_reply", "it does not answer the question that is open");
      return;
    }
    const { value } = content;
    const result: InputResult =
      typeof value === "string" ? { status: "ok", value } : refused("the front end answered without a text");
    this.#asked = undefined;
    this.#questions.shift()?.settle(result);
    this.#sendNext();
  }

  #sendNext(): void {
    const [next] = this.#questions;
    if (next !== undefined && this.#request !== undefined)
      this.#asked = this.#send(this.#request, next.content);
  }
}
