import { isDeepStrictEqual } from "node:util";
import type { Dictionary, Header, Message } from "./wire.js";

/** What has to hold between the messages of one kernel, whatever their types. */
export class Conversation {
  readonly #ids = new Set<string>();
  readonly #sent = new Map<string, Header>();
  /** The error that each request was answered with, on the channel that told it first. */
  readonly #failures = new Map<string, Dictionary>();
  #session: string | undefined;
  #version: string | undefined;

  /** Takes the header of a request. */
  sent(header: Header): void {
    this.#sent.set(header.msg_id, header);
  }

  /** Takes the next message that the kernel sent; returns what contradicts the others. */
  next({ header, parent, content }: Message): string[] {
    const problems: string[] = [];
    const type = header.msg_type;
    if (this.#ids.has(header.msg_id)) problems.push(`${type}: its msg_id was used before`);
    this.#ids.add(header.msg_id);

    this.#session ??= header.session;
    if (header.session !== this.#session) problems.push(`${type}: its session is not the kernel's other one`);

    this.#version ??= header.version;
    const promised = type === "kernel_info_reply" ? content.protocol_version : this.#version;
    if (header.version !== this.#version || promised !== this.#version) {
      problems.push(`${type}: its version is not that of the other messages`);
    }

    const request = this.#sent.get(String(parent.msg_id));
    if (request !== undefined && !isDeepStrictEqual(request, parent)) {
      problems.push(`${type}: its parent_header is not the header that was sent`);
    }
    return [...problems, ...this.#failure(type, String(parent.msg_id), content)];
  }

  #failure(type: string, request: string, content: Dictionary): string[] {
    const failed = type === "error" || (type === "execute_reply" && content.status === "error");
    if (!failed) return [];
    const { ename, evalue, traceback } = content;
    const told = { ename, evalue, traceback };
    const before = this.#failures.get(request);
    this.#failures.set(request, told);
    if (before === undefined || isDeepStrictEqual(before, told)) return [];
    return [`${type}: it differs from what the other channel said of the same cell`];
  }
}
