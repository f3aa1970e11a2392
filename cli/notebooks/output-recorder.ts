import type { Publication } from "../../kernel/direct-kernel.js";
import type { StreamName } from "../../kernel/shared/session-messages.js";
import type { DocumentCell, JsonObject } from "./notebook-document.js";
import { RecordedOutputs } from "./recorded-outputs.js";

/** How much the displays of a notebook may take together, in characters. */
const MOST_DISPLAYED = 256 * 2 ** 20;

interface Owner {
  readonly cell: DocumentCell;
  readonly outputs: RecordedOutputs;
}

interface Shown {
  readonly owner: Owner;
  readonly output: JsonObject;
}

/**
 * Takes down what cells put out, as nbclient does, and JupyterLab: late output goes to the cell that it came from, and
 * `update_display_data` changes all displays of its id.
 */
export class OutputRecorder {
  /** By the id of the request. */
  readonly #owners = new Map<string, Owner>();
  readonly #displays = new Map<string, Shown[]>();
  readonly #sizes = new WeakMap<JsonObject, number>();
  #displayed = 0;

  /** From here on, what names this request belongs to the cell. What the cell had before is dropped. */
  begin(request: string, cell: DocumentCell): void {
    this.#owners.set(request, { cell, outputs: new RecordedOutputs() });
  }

  /** Takes what the kernel publishes. */
  take({ type, content, parent }: Publication): void {
    const owner = this.#owners.get(parent?.msg_id ?? "");
    if (owner === undefined) return;
    const { outputs, cell } = owner;
    switch (type) {
      case "execute_input":
        cell.execution_count = content.execution_count;
        return;
      case "stream":
        outputs.print(content.name as StreamName, content.text as string);
        return;
      case "clear_output":
        outputs.clear(content.wait === true);
        return;
      case "error": {
        const { ename, evalue, traceback } = content;
        outputs.add({ output_type: "error", ename, evalue, traceback });
        return;
      }
      case "execute_result":
        this.#show(owner, content, { execution_count: content.execution_count });
        return;
      case "display_data":
        this.#show(owner, content);
        return;
      case "update_display_data":
        this.#update(content);
        return;
    }
  }

  /** Adds an error that the kernel does not know of, in the place of one that it has told. */
  fail(request: string, error: JsonObject): void {
    const owner = this.#owners.get(request);
    if (owner === undefined) return;
    owner.outputs.dropError();
    owner.outputs.add({ output_type: "error", ...error });
  }

  /** Writes the outputs into the cells. */
  settle(): void {
    for (const { cell, outputs } of this.#owners.values()) cell.outputs = outputs.list();
  }

  #show(owner: Owner, content: Publication["content"], extras?: JsonObject): void {
    const id = displayIdOf(content);
    if (id !== undefined) this.#update(content);
    const output: JsonObject = {
      output_type: extras === undefined ? "display_data" : "execute_result",
      ...extras,
    };
    this.#fill(output, content);
    owner.outputs.add(output);
    if (id === undefined) return;
    const shown = this.#displays.get(id);
    if (shown === undefined) this.#displays.set(id, [{ owner, output }]);
    else shown.push({ owner, output });
  }

  #update(content: Publication["content"]): void {
    const id = displayIdOf(content) ?? "";
    // Those that a cell has cleared are gone.
    const shown = this.#displays.get(id)?.filter(({ owner, output }) => owner.outputs.has(output));
    if (shown === undefined) return;
    this.#displays.set(id, shown);
    for (const { output } of shown) this.#fill(output, content);
  }

  #fill(output: JsonObject, { data, metadata }: Publication["content"]): void {
    const size = sizeOf(data);
    const before = this.#sizes.get(output) ?? 0;
    const fits = this.#displayed - before + size <= MOST_DISPLAYED;
    output.data = fits ? data : { "text/plain": tooMuch(size) };
    output.metadata = fits ? (metadata ?? {}) : {};
    const kept = fits ? size : 0;
    this.#sizes.set(output, kept);
    this.#displayed += kept - before;
  }
}

function displayIdOf({ transient }: Publication["content"]): string | undefined {
  const id = (transient as JsonObject | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}

const tooMuch = (size: number): string =>
  `[a display of ${size} characters is left out: those of a notebook may take ${MOST_DISPLAYED / 2 ** 20} MiB together]`;

/** About how many characters a value takes as JSON. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, each]) => sum + name.length + sizeOf(each), 8);
}
