import type { Message } from "./wire.js";

/**
 * Follows the status messages of each request: busy first, one idle last, nothing that belongs to the request's
 * own run (its input, its result) after idle. Output of late timers may come later.
 */
export class Lifecycle {
  readonly #states = new Map<string, "busy" | "idle">();

  /** Takes the next iopub message; returns what is wrong with its place, if anything. */
  next(message: Message): string[] {
    const { msg_type: type } = message.header;
    const parent = message.parent.msg_id;
    if (message.channel !== "iopub" || parent === undefined || type === "iopub_welcome") return [];
    const before = this.#states.get(parent);
    const where = `${type} of ${message.parent.msg_type} ${parent}`;
    if (type === "status") return this.#status(parent, message.content.execution_state, before, where);
    if (before === undefined) return [`${where}: came before busy`];
    if (before === "idle" && (type === "execute_input" || type === "execute_result")) {
      return [`${where}: came after idle`];
    }
    return [];
  }

  /** Requests that are busy and have not become idle. */
  get open(): string[] {
    return [...this.#states].filter(([, state]) => state === "busy").map(([parent]) => parent);
  }

  #status(parent: string, state: unknown, before: "busy" | "idle" | undefined, where: string): string[] {
    if (state === "busy") {
      this.#states.set(parent, "busy");
      return before !== "idle" ? [] : [`${where}: busy came when it was idle`];
    }
    if (state === "idle") {
      this.#states.set(parent, "idle");
      return before === "busy" ? [] : [`${where}: idle came when it was ${before ?? "not busy"}`];
    }
    return [];
  }
}
