import assert from "node:assert/strict";
import type { KernelClient } from "./client.js";
import type { Dictionary, Message } from "./wire.js";

/** Any value as an object: one without fields where it is none. */
export const dict = (value: unknown): Dictionary => (value ?? {}) as Dictionary;

/** A change of a model's state, as a page sends it. */
export const update = (state: Dictionary): Dictionary => ({ method: "update", state, buffer_paths: [] });

/** A page with widgets: it knows their models as it was told them. Its functions can be taken out of it. */
export class WidgetPage {
  readonly #kernel: () => KernelClient;

  /** @param kernel - gives the running kernel */
  constructor(kernel: () => KernelClient) {
    this.#kernel = kernel;
  }

  /** The states of all models so far, by their names in the front end. */
  readonly models = (): Map<string, Dictionary> => {
    const states = new Map<string, Dictionary>();
    for (const { header, content } of this.#kernel().received) {
      const data = content.data as Dictionary | undefined;
      const id = String(content.comm_id);
      if (header.msg_type === "comm_open" && data?.state) states.set(id, { ...dict(data.state) });
      if (header.msg_type === "comm_msg" && data?.method === "update")
        Object.assign(states.get(id) ?? {}, data.state);
    }
    return states;
  };

  /** The latest model of a kind that was opened. */
  readonly idOf = (model: string): string => {
    const [found] = [...this.models()].findLast(([, state]) => state._model_name === model) ?? [];
    assert.ok(found, `a ${model} is open`);
    return found;
  };

  /** Sends what a page sends; returns the request's name. */
  readonly post = (id: string, data: Dictionary, buffers: Buffer[] = []): Promise<string> =>
    this.#kernel().send("shell", "comm_msg", { comm_id: id, data }, { buffers });

  /** Sends what a page sends; it is handled when this resolves with what came back. */
  readonly page = async (id: string, data: Dictionary, buffers: Buffer[] = []): Promise<Message[]> => {
    const request = await this.post(id, data, buffers);
    await this.#kernel().idleOf(request);
    return this.#kernel()
      .outputsOf(request)
      .filter(({ header }) => header.msg_type === "comm_msg");
  };

  /** Waits until this holds for the state of a model. */
  readonly untilState = async (
    id: string,
    holds: (state: Dictionary) => boolean,
    what: string,
  ): Promise<Dictionary> => {
    const now = (): Dictionary => this.models().get(id) ?? {};
    if (!holds(now()))
      await this.#kernel().waitFor((message) => message.content.comm_id === id && holds(now()), what);
    return now();
  };
}
