import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { FrameDecoder } from "./frames.js";
import type { FromSession, SessionFrame, StreamName } from "./session/protocol.js";

/** What comes out of a session, in the order in which its code did it. */
export interface OutputEvents {
  /**
   * Resolves when more can be taken; undefined while it can. Nothing is read meanwhile: the pipes fill, and the session
   * waits in the next thing that it prints.
   */
  relief(): Promise<void> | undefined;
  message(message: FromSession): void;
  /** Text that was written to a file descriptor, by child processes and native libraries for instance. */
  output(name: StreamName, text: string): void;
}

const NUL = 0;
const LONGEST_MARK = 64;

/** A file descriptor of the session: what others than the session's own code wrote there, with the session's marks. */
class Lane {
  readonly #prefix: Buffer;
  readonly #emit: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  /** The mark up to which all has been emitted; undefined while no mark is known to come next. */
  #mark: number | undefined;

  constructor(fence: string, emit: (text: string) => void) {
    this.#prefix = Buffer.from(`\0${fence}:`);
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.empty ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  end(): void {
    this.#ended = true;
  }

  get empty(): boolean {
    return this.#bytes.length === 0;
  }

  /** Whether all that was written before a mark has been emitted. */
  reached(mark: number): boolean {
    return this.#mark === mark || (this.#ended && this.empty);
  }

  /** Goes on behind a mark. */
  pass(mark: number): void {
    if (this.#mark === mark) this.#mark = undefined;
  }

  /** Emits what stands before the next mark; says whether that mark has just been reached. */
  advance(): boolean {
    if (this.#mark !== undefined) return false;
    const start = this.#bytes.indexOf(this.#prefix);
    const digits = start + this.#prefix.length;
    const end = start === -1 ? -1 : this.#bytes.indexOf(NUL, digits);
    if (end !== -1) {
      this.#mark = Number(this.#bytes.toString("latin1", digits, end));
      this.#take(start, end + 1);
      return true;
    }
    // The last NUL may begin a mark whose rest is still to come.
    const open = this.#ended ? -1 : this.#bytes.lastIndexOf(NUL);
    const safe = open !== -1 && this.#bytes.length - open < LONGEST_MARK ? open : this.#bytes.length;
    this.#take(safe, safe);
    if (this.#ended) this.#emit(this.#decoder.end());
    return false;
  }

  #take(length: number, next: number): void {
    if (length > 0) this.#emit(this.#decoder.write(this.#bytes.subarray(0, length)));
    this.#bytes = this.#bytes.subarray(next);
  }
}

/**
 * Brings the three ways on which a session's output comes into one order: its messages, and what child processes and
 * native libraries write to the file descriptors 1 and 2.
 *
 * A message before which others may have written is marked in both descriptors: it waits until these have been read up
 * to the mark, and what stands behind the mark waits for the message. What was written after an unmarked message needs
 * no mark: once it can be read, so can the message, and each round takes messages first.
 */
export class SessionOutput {
  /** Resolves when there is nothing more to read. */
  readonly ended: Promise<unknown>;
  readonly #events: OutputEvents;
  readonly #lanes: Readonly<Record<1 | 2, Lane>>;
  /** The lanes, first the one whose text has waited longest. */
  #byAge: Lane[];
  readonly #frames: SessionFrame[] = [];
  readonly #streams: readonly Readable[];
  #round: NodeJS.Immediate | undefined;
  #paused = false;
  #over = false;

  constructor(fence: string, stdout: Readable, stderr: Readable, messages: Readable, events: OutputEvents) {
    this.#events = events;
    this.#streams = [stdout, stderr, messages];
    this.#lanes = {
      1: new Lane(fence, (text) => events.output("stdout", text)),
      2: new Lane(fence, (text) => events.output("stderr", text)),
    };
    this.#byAge = Object.values(this.#lanes);
    const decoder = new FrameDecoder();
    messages.on("data", (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) this.#frames.push(frame as SessionFrame);
      this.#schedule();
    });
    const read = async (lane: Lane, stream: Readable): Promise<void> => {
      stream.on("data", (chunk: Buffer) => {
        if (lane.empty) this.#byAge = [...this.#byAge.filter((other) => other !== lane), lane];
        lane.push(chunk);
        this.#schedule();
      });
      await finished(stream);
      lane.end();
      this.#advance();
    };
    this.ended = Promise.all([
      read(this.#lanes[1], stdout),
      read(this.#lanes[2], stderr),
      finished(messages),
    ]);
  }

  /** Reads what is left of a session that has ended: it is no more than the pipes hold. */
  readOn(): void {
    this.#over = true;
    this.#resume();
  }

  /** Once per turn of the event loop, when everything that could be read has been. */
  #schedule(): void {
    this.#round ??= setImmediate(() => {
      this.#round = undefined;
      this.#advance();
      this.#awaitRelief();
    });
  }

  #awaitRelief(): void {
    const relief = this.#paused || this.#over ? undefined : this.#events.relief();
    if (relief === undefined) return;
    this.#paused = true;
    for (const stream of this.#streams) stream.pause();
    void relief.then(() => this.#resume());
  }

  #resume(): void {
    this.#paused = false;
    for (const stream of this.#streams) stream.resume();
  }

  #advance(): void {
    do this.#takeMessages();
    while (this.#byAge.map((lane) => lane.advance()).includes(true));
  }

  #takeMessages(): void {
    let taken = 0;
    for (const { message, mark } of this.#frames) {
      if (mark !== undefined) {
        const lanes = mark.descriptors.map((fd) => this.#lanes[fd]);
        if (!lanes.every((lane) => lane.reached(mark.number))) break;
        for (const lane of lanes) lane.pass(mark.number);
      }
      taken++;
      this.#events.message(message);
    }
    this.#frames.splice(0, taken);
  }
}
