import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { LARGEST_BACKLOG, LONGEST_TEXT } from "../../shared/bounds.js";
import { FrameDecoder, sessionFormat } from "../../shared/framing.js";
import type { FromSession, SessionFrame, StreamName } from "../../shared/session-messages.js";
import { readSessionFrame } from "./check-messages.js";

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

/** What is heard of a session's output by those who own its process. */
interface Listeners extends OutputEvents {
  /** What came is no message, or cannot be handled; nothing more is taken. */
  failed(why: string): void;
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

  /** Whether much waits for the message that belongs to a mark. */
  get full(): boolean {
    return this.#mark !== undefined && this.#bytes.length > LARGEST_BACKLOG;
  }

  get empty(): boolean {
    return this.#bytes.length === 0;
  }

  /** Whether all that was written before a mark has been emitted. */
  reached(mark: number): boolean {
    // The message of an earlier one was never sent: the code was terminated in between.
    while (this.#mark !== undefined && this.#mark < mark) {
      this.#mark = undefined;
      this.advance();
    }
    return this.#mark === mark || (this.#ended && this.empty);
  }

  /** Goes on after a mark: the next one, if none is named. */
  pass(mark = this.#mark): void {
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
    for (let from = 0; from < length; from += LONGEST_TEXT) {
      const end = Math.min(from + LONGEST_TEXT, length);
      this.#emit(this.#decoder.write(this.#bytes.subarray(from, end)));
    }
    this.#bytes = this.#bytes.subarray(next);
  }
}

/**
 * Brings the three ways on which a session's output comes into one order: its messages, and what child processes and
 * native libraries write to the file descriptors 1 and 2.
 *
 * A message before which others may have written is marked in both descriptors: it waits until these have been read up
 * to the mark, and what stands after the mark waits for the message. What was written after an unmarked message needs
 * no mark: once it can be read, so can the message, and each round takes messages first.
 */
export class OutputStreams {
  /** Resolves when there is nothing more to read. */
  readonly ended: Promise<unknown>;
  readonly #events: Listeners;
  readonly #lanes: Readonly<Record<1 | 2, Lane>>;
  /** The lanes, first the one whose text has waited longest. */
  #byAge: Lane[];
  readonly #frames: SessionFrame[] = [];
  /** How many bytes have come since the oldest of the frames did. */
  #waiting = 0;
  /** What is read, and whether it has to wait. */
  readonly #sources: readonly (readonly [source: Readable, full: () => boolean])[];
  readonly #messages: Readable;
  #round: NodeJS.Immediate | undefined;
  #failed = false;
  #paused = false;
  #over = false;

  constructor(fence: string, stdout: Readable, stderr: Readable, messages: Readable, events: Listeners) {
    this.#events = events;
    this.#lanes = {
      1: new Lane(fence, (text) => events.output("stdout", text)),
      2: new Lane(fence, (text) => events.output("stderr", text)),
    };
    this.#byAge = Object.values(this.#lanes);
    this.#messages = messages;
    this.#sources = [
      [stdout, () => this.#lanes[1].full],
      [stderr, () => this.#lanes[2].full],
      [messages, () => this.#frames.length > 0 && this.#waiting > LARGEST_BACKLOG],
    ];
    const decoder = new FrameDecoder(sessionFormat(fence));
    messages.on("data", (chunk: Buffer) => {
      if (this.#failed) return;
      this.#waiting += chunk.length;
      this.#guard(() => {
        for (const frame of decoder.push(chunk)) this.#frames.push(readSessionFrame(frame));
      });
      this.#schedule();
    });
    const over = (stream: Readable): Promise<void> => finished(stream).catch((error) => this.#fail(error));
    const read = async (lane: Lane, stream: Readable): Promise<void> => {
      stream.on("data", (chunk: Buffer) => {
        if (lane.empty) this.#byAge = [...this.#byAge.filter((other) => other !== lane), lane];
        lane.push(chunk);
        this.#schedule();
      });
      await over(stream);
      lane.end();
      this.#advance();
    };
    this.ended = Promise.all([
      read(this.#lanes[1], stdout),
      read(this.#lanes[2], stderr),
      over(messages).then(() => this.#advance()),
    ]);
  }

  /** Reads what is left of a session that has ended: it is no more than the pipes hold. */
  readOn(): void {
    this.#over = true;
    this.#paused = false;
    this.#regulate();
  }

  /** Once per turn of the event loop, when everything that could be read has been. */
  #schedule(): void {
    this.#round ??= setImmediate(() => {
      this.#round = undefined;
      this.#advance();
      this.#regulate();
    });
  }

  /** Reads on where there is room for more. */
  #regulate(): void {
    if (this.#paused) return;
    const relief = this.#over ? undefined : this.#events.relief();
    for (const [source, full] of this.#sources) {
      if (relief !== undefined || (full() && !this.#over)) source.pause();
      else source.resume();
    }
    if (relief === undefined) return;
    this.#paused = true;
    void relief.then(() => {
      this.#paused = false;
      this.#regulate();
    });
  }

  /**
   * Nothing that comes from the session may end the protocol process: what cannot be handled ends the session.
   *
   * @returns whether it could be handled
   */
  #guard(handle: () => void): boolean {
    try {
      handle();
      return true;
    } catch (error) {
      this.#fail(error as Error);
      return false;
    }
  }

  #fail({ message }: Error): void {
    this.#failed = true;
    this.#events.failed(`what it wrote to the kernel is of no use: ${message}`);
  }

  #advance(): void {
    do {
      this.#takeMessages();
      // The message of a mark that is left was never sent.
      if (this.#messages.closed && this.#frames.length === 0) for (const lane of this.#byAge) lane.pass();
    } while (this.#byAge.map((lane) => lane.advance()).includes(true));
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
      if (this.#guard(() => this.#events.message(message))) continue;
      taken = this.#frames.length;
      break;
    }
    this.#frames.splice(0, taken);
    if (this.#frames.length === 0) this.#waiting = 0;
  }
}
