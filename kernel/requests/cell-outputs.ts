import type { History } from "../history/index.js";
import type { IopubPublisher } from "../protocol/publisher.js";
import type { Header, Json } from "../protocol/wire.js";
import type { CellOutput } from "../session/client/session-runner.js";
import type { FromSession, StreamName } from "../shared/session-messages.js";

/** What is known of a cell before it runs. */
export interface OutputOwner {
  /** The request that it came from: its output, however late, names that as its parent. */
  readonly parent: Header;
  /** Whether nothing of it is to be shown. */
  readonly silent: boolean;
}

/** Publishes what comes out of cells, each in the name of its request, and keeps results in the history. */
export class CellOutputs implements CellOutput {
  readonly #iopub: IopubPublisher;
  readonly #history: History;
  readonly #owners = new Map<number, OutputOwner>();
  /** The latest cell that is in the history. */
  #stored = 0;
  #executionCount = 0;

  constructor(iopub: IopubPublisher, history: History) {
    this.#iopub = iopub;
    this.#history = history;
  }

  /** The count of the latest cell that is in the history. */
  get executionCount(): number {
    return this.#executionCount;
  }

  /** Knows a cell from here on. */
  add(serial: number, owner: OutputOwner): void {
    this.#owners.set(serial, owner);
  }

  /** Knows a part of a cell, which has the same owner. */
  addPart(serial: number, cell: number): void {
    const owner = this.#owners.get(cell);
    if (owner !== undefined) this.#owners.set(serial, owner);
  }

  /** Counts a cell and puts it into the history. */
  store(serial: number, code: string): void {
    this.#executionCount++;
    this.#stored = serial;
    const parent = this.parentOf(serial);
    if (parent !== undefined) this.#iopub.kept.begin(parent, this.#executionCount);
    this.#history.input(this.#executionCount, code);
  }

  /** Waits until the cells of the history are on disk. */
  saved(): Promise<void> {
    return this.#history.saved();
  }

  parentOf(serial: number): Header | undefined {
    return this.#owners.get(serial)?.parent;
  }

  isSilent(serial: number): boolean {
    return this.#owners.get(serial)?.silent === true;
  }

  /** Publishes a message of a cell, unless it is silent. */
  publish(serial: number, type: string, content: Json): void {
    if (!this.isSilent(serial)) void this.#iopub.publish(type, content, this.parentOf(serial));
  }

  stream(serial: number, name: StreamName, text: string): void {
    if (!this.isSilent(serial)) this.#iopub.stream(name, text, this.parentOf(serial));
  }

  display({ serial, data, metadata, displayId, update }: Extract<FromSession, { type: "display" }>): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.publish(serial, update ? "update_display_data" : "display_data", { data, metadata, transient });
  }

  clear(serial: number, wait: boolean): void {
    this.publish(serial, "clear_output", { wait });
  }

  replay({ serial, ...wish }: Extract<FromSession, { type: "replay" }>): void {
    const parent = this.parentOf(serial);
    if (parent === undefined || this.isSilent(serial)) return;
    const { kept } = this.#iopub;
    this.#iopub.replay(kept.find(wish.cell, kept.cellOf(parent)), wish, parent);
  }

  result({ serial, data, metadata }: Extract<FromSession, { type: "result" }>): void {
    const count = this.#executionCount;
    this.publish(serial, "execute_result", { execution_count: count, data, metadata });
    const text = data["text/plain"];
    if (serial === this.#stored && typeof text === "string") this.#history.output(count, text);
  }
}
