import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Answer, Answers, Question } from "../../shared/session-messages.js";
import { asSession } from "../interrupts/guarded-call.js";
import { ANSWERS } from "../interrupts/shared-memory.js";
import { send } from "../output/channel.js";
import { leaveCells } from "../ownership/cell-context.js";
import type { OwnPort } from "../realm/session-realm.js";

type Ask<Kind extends keyof Answers> = Omit<Extract<Question, { readonly type: Kind }>, "id">;

/** What the session asks the protocol process. */
export class Questions {
  readonly #answers: MessagePort;
  readonly #shared: Int32Array;
  readonly #waiting = new Map<number, (result: Answer["result"]) => void>();
  #latest = 0;

  /**
   * @param answers - where the watchdog puts the answers, as objects of this realm
   * @param shared - in which the watchdog counts the answers, after it has put them there
   */
  constructor(answers: OwnPort<Answer>, shared: Int32Array) {
    this.#answers = answers;
    this.#shared = shared;
    answers.onmessage = ({ data }) =>
      asSession(() => {
        leaveCells();
        this.#deliver(data);
      });
  }

  /** Asks and blocks this thread until there is an answer; an interrupt terminates the wait like any other code. */
  askNow<Kind extends keyof Answers>(question: Ask<Kind>): Answers[Kind] {
    const id = this.#ask(question);
    for (;;) {
      const before = Atomics.load(this.#shared, ANSWERS);
      const next = receiveMessageOnPort(this.#answers) as { readonly message: Answer } | undefined;
      if (next === undefined) Atomics.wait(this.#shared, ANSWERS, before);
      else if (next.message.id === id) return next.message.result as Answers[Kind];
      else this.#deliver(next.message);
    }
  }

  /** Asks while everything else goes on. */
  ask<Kind extends keyof Answers>(question: Ask<Kind>): Promise<Answers[Kind]> {
    const id = this.#ask(question);
    return new Promise((resolve) => {
      this.#waiting.set(id, (result) => resolve(result as Answers[Kind]));
    });
  }

  /** Forgets the open questions: what waits for their answers does not go on. */
  abandon(): void {
    this.#waiting.clear();
  }

  #ask(question: Ask<keyof Answers>): number {
    const id = ++this.#latest;
    send({ ...question, id } as Question);
    return id;
  }

  #deliver({ id, result }: Answer): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }
}
