import { setTimeout as delay } from "node:timers/promises";
import { XPublisher } from "zeromq";

/** How many messages may wait for one subscriber within ZeroMQ, whatever their size. */
const WAITING_MESSAGES = 16;
/** The longest topic that somebody may subscribe to, in bytes. */
const LONGEST_TOPIC = 64 * 1024;
/** How long a subscriber may take nothing at all before the others no longer wait for it, in ms. */
const PATIENCE = 10_000;
/** How often one that does not keep up is tried again, in ms: ZeroMQ does not tell when it has caught up. */
const RETRY = 2;

/**
 * The front ends that listen on IOPub. Nothing is dropped for one that reads slowly: sending waits for it. One that does
 * not read at all, stopped or cut off, misses what comes after a while, for it must not stop the kernel and the others.
 */
export class Subscribers {
  readonly socket = new XPublisher({
    linger: 1000,
    maxMessageSize: LONGEST_TOPIC,
    sendHighWaterMark: WAITING_MESSAGES,
    sendTimeout: 0,
    noDrop: true,
    verbosity: "allSubs",
  });
  /** Whether the last message was dropped for somebody. */
  #dropping = false;

  /** Sends a message to all; a second one must not be sent before the promise resolves. */
  async send(frames: Buffer[]): Promise<void> {
    const deadline = this.#dropping ? 0 : performance.now() + PATIENCE;
    while (!(await this.#trySend(frames))) {
      if (performance.now() > deadline) {
        await this.#sendToReaders(frames);
        return;
      }
      await delay(RETRY);
    }
    this.#dropping = false;
  }

  /** @returns false if somebody has no room for it: then nobody has got it */
  async #trySend(frames: Buffer[]): Promise<boolean> {
    try {
      await this.socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  }

  async #sendToReaders(frames: Buffer[]): Promise<void> {
    this.#dropping = true;
    this.socket.noDrop = false;
    try {
      await this.socket.send(frames);
    } finally {
      this.socket.noDrop = true;
    }
  }
}
