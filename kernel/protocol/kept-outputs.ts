import { log } from "../shared/log.js";
import type { Header, Json, OutgoingMessage } from "./wire.js";

const MIB = 2 ** 20;
/** How much is kept, in MiB, unless the environment says so. */
const KEPT = 32;
/** Printed text is kept in pieces that began within this time, in ms, and have at most this length. */
const PIECE_TIME = 1000;
const PIECE_LENGTH = 2 ** 16;
/** About what the memory of a value takes besides its characters, and that of an output besides its content, in bytes. */
const VALUE = 16;
const OUTPUT = 400;

/** An output as it was published, for whichever cell. */
export type Output = Pick<OutgoingMessage, "type" | "content">;

interface KeptOutput extends Output {
  readonly cell: KeptCell;
  readonly began: number;
  content: Json;
  changed: number;
  bytes: number;
}

/** What is kept of a cell. */
export interface KeptCell {
  readonly number: number;
  readonly outputs: Set<KeptOutput>;
  last: KeptOutput | undefined;
  /** Requests whose cells show what this one puts out from here on, too. */
  readonly followers: Set<Header>;
  /** Whether its oldest outputs have been dropped. */
  cut: boolean;
  /** Whether its next output takes the place of all earlier ones. */
  clears: boolean;
}

/** What numbered cells have put out, kept for whoever was not there to see it: the oldest is dropped for the newest. */
export class KeptOutputs {
  readonly #limit: number;
  readonly #cells = new Map<Header, KeptCell>();
  /** All outputs, oldest first. */
  readonly #outputs = new Set<KeptOutput>();
  /** Those that updates find by their display id. */
  readonly #displays = new Map<unknown, Set<KeptOutput>>();
  #bytes = 0;

  /** @param env - the environment, whose `RNNLAB_REPLAY` says how many MiB are kept */
  constructor(env: NodeJS.ProcessEnv) {
    this.#limit = limitOf(env.RNNLAB_REPLAY) * MIB;
  }

  /** Keeps from here on what names this request as its parent. */
  begin(parent: Header, number: number): void {
    const empty = { outputs: new Set<KeptOutput>(), last: undefined, followers: new Set<Header>() };
    this.#cells.set(parent, { number, ...empty, cut: false, clears: false });
  }

  cellOf(parent: Header | undefined): KeptCell | undefined {
    return parent && this.#cells.get(parent);
  }

  /** The cell of a number, or the latest one with outputs besides one. */
  find(number: number | undefined, besides: KeptCell | undefined): KeptCell | undefined {
    return [...this.#cells.values()].findLast((cell) =>
      number === undefined ? cell !== besides && cell.outputs.size > 0 : cell.number === number,
    );
  }

  /** Keeps an output of a cell. */
  add(cell: KeptCell, { type, content }: Output): void {
    if (type === "clear_output") {
      if (content.wait === true) cell.clears = true;
      else this.#clear(cell);
    } else if (type === "update_display_data") this.#update(content);
    else {
      if (cell.clears) this.#clear(cell);
      if (type !== "stream" || !this.#extend(cell, content)) this.#append(cell, { type, content });
    }
    for (const output of this.#outputs) {
      if (this.#bytes <= this.#limit) break;
      this.#remove(output);
      output.cell.cut = true;
    }
  }

  #append(cell: KeptCell, { type, content }: Output): void {
    const now = Date.now();
    const output = { cell, type, content, began: now, changed: now, bytes: OUTPUT + sizeOf(content) };
    this.#bytes += output.bytes;
    this.#outputs.add(output);
    cell.outputs.add(output);
    cell.last = output;
    const id = displayId(content);
    if (id === undefined) return;
    const others = this.#displays.get(id) ?? new Set();
    this.#displays.set(id, others.add(output));
  }

  /** Adds text to that before it, if it is of the same stream and about the same time. */
  #extend(cell: KeptCell, { name, text }: Json): boolean {
    const { last } = cell;
    if (last?.type !== "stream" || last.content.name !== name) return false;
    const joined = `${last.content.text}${text}`;
    const now = Date.now();
    if (joined.length > PIECE_LENGTH || now - last.began > PIECE_TIME) return false;
    this.#replace(last, { name, text: joined }, now);
    return true;
  }

  #update(content: Json): void {
    for (const output of this.#displays.get(displayId(content)) ?? [])
      this.#replace(output, content, Date.now());
  }

  #replace(output: KeptOutput, content: Json, now: number): void {
    const bytes = OUTPUT + sizeOf(content);
    this.#bytes += bytes - output.bytes;
    Object.assign(output, { content, bytes, changed: now });
  }

  #clear(cell: KeptCell): void {
    for (const output of cell.outputs) this.#remove(output);
    cell.cut = false;
    cell.clears = false;
  }

  #remove(output: KeptOutput): void {
    this.#bytes -= output.bytes;
    this.#outputs.delete(output);
    output.cell.outputs.delete(output);
    if (output.cell.last === output) output.cell.last = undefined;
    const id = displayId(output.content);
    const same = this.#displays.get(id);
    same?.delete(output);
    if (same?.size === 0) this.#displays.delete(id);
  }
}

function displayId({ transient }: Json): unknown {
  return (transient as Json | undefined)?.display_id;
}

/** About how many bytes a JSON value takes in memory, without recursion: it may be deep. */
function sizeOf(value: unknown): number {
  let size = 0;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    size += VALUE;
    if (typeof next === "string") size += next.length;
    else if (typeof next === "object" && next !== null)
      for (const each of Object.values(next)) open.push(each);
  }
  return size;
}

function limitOf(asked: string | undefined): number {
  const limit = Number(asked ?? KEPT);
  if (limit >= 0 && Number.isFinite(limit)) return limit;
  log("Cannot take RNNLAB_REPLAY", `it must be a number of MiB from 0, got ${asked}`);
  return KEPT;
}
