import type { Dispatcher, Response } from "undici";
import { messageOf } from "../../platform/message-of.js";
import { proxyFor } from "./proxy.js";

/** The connection broke, stalled or never came about; another attempt may succeed. */
export class ConnectionError extends Error {}

/**
 * A connection for one download, directly or through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. One
 * timer covers connecting, the headers and the body: it runs out when nothing has come for so long.
 */
export class Connection {
  readonly #address: string;
  readonly #timeout: number;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #dispatcher: Dispatcher | undefined;

  /**
   * @param address - where the file is
   * @param timeout - milliseconds
   * @param signal - ends the connection at once
   */
  constructor(address: string, timeout: number, signal: AbortSignal) {
    this.#address = address;
    this.#timeout = timeout;
    this.#timer = setTimeout(() => this.#abort.abort(), timeout);
    signal.addEventListener("abort", () => void this.close());
  }

  /** @throws {ConnectionError} when the connection breaks or stalls */
  async fetch(headers: Readonly<Record<string, string>>): Promise<Response> {
    // Only a download needs this library, and it takes a moment to load.
    const { Agent, fetch, ProxyAgent } = await import("undici");
    this.#timer.refresh();
    if (this.#dispatcher === undefined) {
      // Our own timer is the earlier one.
      const options = { connect: { timeout: 2 * this.#timeout }, headersTimeout: 0, bodyTimeout: 0 };
      const proxy = proxyFor(new URL(this.#address));
      this.#dispatcher =
        proxy === undefined ? new Agent(options) : new ProxyAgent({ ...options, uri: proxy });
    }
    const options = { headers, signal: this.#abort.signal, dispatcher: this.#dispatcher };
    return await this.#guard(fetch(this.#address, options));
  }

  /**
   * Reads the body piece by piece.
   *
   * @throws {ConnectionError} when the connection breaks or stalls
   */
  async *read(response: Response): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await this.#guard(reader.read());
      if (done) return;
      this.#timer.refresh();
      yield value;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort.abort();
    await this.#dispatcher?.destroy();
  }

  async #guard<Value>(step: Promise<Value>): Promise<Value> {
    try {
      return await step;
    } catch (cause) {
      const reason = this.#abort.signal.aborted
        ? `the server must send data within ${this.#timeout / 1000} s, got none`
        : `the connection must hold until the end, got ${describeFailure(cause)}`;
      throw new ConnectionError(`Cannot download ${this.#address}: ${reason}`, { cause });
    }
  }
}

/** What fetch() hides in its cause: "fetch failed" or "terminated" alone help nobody. */
function describeFailure(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code: unknown = inner instanceof Error ? Reflect.get(inner, "code") : undefined;
  return [code, messageOf(inner)].filter((part) => part !== undefined && part !== "").join(": ");
}
