import { PickledArray, PickledDtype, PickledGlobal } from "./pickle-numpy.js";
import { readError } from "./read-error.js";

/** Lists, tuples, strings and arrays in one file: two orders of magnitude more than IMDB has. */
const MOST_OBJECTS = 4_000_000;
/** Values between a mark and the opcode that takes them; Python's pickler writes lists in batches of 1,000. */
const MOST_PENDING = 4_000_000;
/** Bytes that calls make anew: a remembered string can be turned into bytes again and again. */
const MOST_COPIED = 128 * 2 ** 20;
const LONGEST_LINE = 1_000_000;

/**
 * The stack machine that a pickle is written for, without the power to run anything: there are values, a memo, and
 * limits. What the single opcodes do is in pickle-steps.ts.
 */
export class PickleMachine {
  readonly origin: string;
  readonly #bytes: Buffer;
  #position = 0;
  /** Values since the last mark; what lies below earlier marks waits in `#below`. */
  #items: unknown[] = [];
  readonly #below: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();
  #objects = 0;
  #copied = 0;

  constructor(bytes: Uint8Array, origin: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.origin = origin;
  }

  refuse(rule: string): never {
    throw readError(this.origin, rule);
  }

  get memoSize(): number {
    return this.#memo.size;
  }

  /** Steps over `length` bytes that the pickle must have, and returns where they begin. */
  advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) {
      this.refuse(`the pickle must not end early, got ${this.#bytes.length} bytes`);
    }
    this.#position = start + length;
    return start;
  }

  uint8(): number {
    return this.#bytes[this.advance(1)] ?? 0;
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.advance(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.advance(4));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.advance(4));
  }

  float64(): number {
    return this.#bytes.readDoubleBE(this.advance(8));
  }

  /** A length of 64 bits. */
  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.advance(8)));
  }

  take(length: number): Buffer {
    const start = this.advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** The rest of the line, without its end. */
  line(): string {
    const start = this.#position;
    const end = this.#bytes.indexOf(0x0a, start);
    if (end < 0 || end - start > LONGEST_LINE) {
      this.refuse(`a line of the pickle must end within ${LONGEST_LINE} bytes, got none`);
    }
    this.#position = end + 1;
    return this.#bytes.toString("latin1", start, end);
  }

  push(value: unknown): void {
    if (this.#items.length >= MOST_PENDING) {
      this.refuse(`the pickle must keep at most ${MOST_PENDING} values pending, got more`);
    }
    this.#items.push(value);
  }

  /** Pushes what takes memory of its own. */
  pushObject(value: unknown): void {
    this.#objects++;
    if (this.#objects > MOST_OBJECTS) {
      this.refuse(`the pickle must have at most ${MOST_OBJECTS} objects, got more`);
    }
    this.push(value);
  }

  pop(): unknown {
    if (this.#items.length === 0)
      this.refuse("the pickle must not take values that it has not put, got such");
    return this.#items.pop();
  }

  get top(): unknown {
    return this.#items.at(-1);
  }

  mark(): void {
    this.#below.push(this.#items);
    if (this.#below.length > MOST_OBJECTS)
      this.refuse(`the pickle must have fewer marks, got ${MOST_OBJECTS}`);
    this.#items = [];
  }

  /** Takes everything since the last mark. */
  popMark(): unknown[] {
    const items = this.#items;
    this.#items = this.#below.pop() ?? this.refuse("the pickle must set a mark before it uses one, got none");
    return items;
  }

  remember(index: number): void {
    if (this.#items.length === 0)
      this.refuse("the pickle must not remember a value that it has not put, got such");
    this.#memo.set(index, this.top);
    if (this.#memo.size > MOST_OBJECTS) {
      this.refuse(`the pickle must remember at most ${MOST_OBJECTS} values, got more`);
    }
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) this.refuse(`the pickle must recall what it remembers, got index ${index}`);
    this.push(this.#memo.get(index));
  }

  append(items: readonly unknown[]): void {
    const list = this.top;
    if (!Array.isArray(list)) this.refuse("the pickle must append to a list, got something else");
    // Room at once, rather than again and again while it grows.
    const start = list.length;
    list.length += items.length;
    for (let index = 0; index < items.length; index++) list[start + index] = items[index];
  }

  call(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof PickledGlobal) || !Array.isArray(args)) {
      this.refuse("the pickle must call nothing but what it imported, got something else");
    }
    const result = callable.call(args, this.origin);
    this.#charge(result);
    this.pushObject(result);
  }

  build(): void {
    const state = this.pop();
    const target = this.top;
    if (!(target instanceof PickledArray || target instanceof PickledDtype)) {
      this.refuse("the pickle must set the state of an array or dtype only, got something else");
    }
    target.build(state, this.origin);
    if (target instanceof PickledArray) this.#charge(target.data);
  }

  #charge(made: unknown): void {
    if (ArrayBuffer.isView(made)) this.#copied += made.byteLength;
    if (this.#copied > MOST_COPIED) {
      this.refuse(`the pickle must make at most ${MOST_COPIED} bytes anew, got more`);
    }
  }

  /** The value that is left at the end. */
  finish(): unknown {
    if (this.#below.length > 0 || this.#items.length !== 1) {
      this.refuse(`the pickle must end with one value, got ${this.#items.length}`);
    }
    return this.pop();
  }
}
