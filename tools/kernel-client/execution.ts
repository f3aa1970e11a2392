import type { Dictionary, Message } from "./wire.js";

/** Removes ANSI colours and styles, as a traceback and inspected values may have them. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

/** One executed cell: its reply and all iopub messages with it as their parent, busy to idle. */
export class Execution {
  constructor(
    readonly id: string,
    readonly reply: Message,
    readonly messages: readonly Message[],
  ) {}

  /** "ok", "error" or "aborted". */
  get status(): unknown {
    return this.reply.content.status;
  }

  /** Contents of all messages of a type, in order. */
  contents(type: string): Dictionary[] {
    return this.messages
      .filter((message) => message.header.msg_type === type)
      .map((message) => message.content);
  }

  /** Types of the outputs, in order: without status and execute_input. */
  get outputs(): string[] {
    const types = this.messages.map((message) => message.header.msg_type);
    return types.filter((type) => type !== "status" && type !== "execute_input");
  }

  get stdout(): string {
    return this.#stream("stdout");
  }

  get stderr(): string {
    return this.#stream("stderr");
  }

  /** text/plain of the execute_result without colours, undefined if there is none. */
  get result(): string | undefined {
    const data = this.contents("execute_result")[0]?.data as Dictionary | undefined;
    return data === undefined ? undefined : plain(String(data["text/plain"]));
  }

  /** Content of the error message, undefined if there is none. */
  get error(): Dictionary | undefined {
    return this.contents("error")[0];
  }

  /** The error's traceback as one text without colours. */
  get traceback(): string {
    return plain(((this.error?.traceback as string[] | undefined) ?? []).join("\n"));
  }

  #stream(name: string): string {
    return this.contents("stream")
      .filter((content) => content.name === name)
      .map((content) => content.text)
      .join("");
  }
}
