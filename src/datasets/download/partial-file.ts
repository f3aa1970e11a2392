import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/** From where a download can go on. */
export interface ResumePoint {
  /** Bytes that are there already. */
  readonly size: number;
  /** The server's mark of the content they belong to: a strong ETag, or the time of its last change. */
  readonly validator: string;
}

/**
 * What has come of a download: the bytes in FILE.partial and, if they can be continued, where they are from in
 * FILE.partial.json.
 */
export class PartialFile {
  readonly path: string;
  readonly #statePath: string;

  constructor(file: string) {
    this.path = `${file}.partial`;
    this.#statePath = `${this.path}.json`;
  }

  get size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** From where the download of this address can go on, if it can. */
  resumePoint(address: string): ResumePoint | undefined {
    const { size } = this;
    const state = size === 0 ? undefined : this.#readState();
    return state?.address === address ? { size, validator: state.validator } : undefined;
  }

  /** Notes what a new download is of; without a validator it cannot be continued. */
  begin(address: string, validator: string | undefined): void {
    this.discard();
    if (validator !== undefined) writeFileSync(this.#statePath, JSON.stringify({ address, validator }));
  }

  discard(): void {
    rmSync(this.path, { force: true });
    rmSync(this.#statePath, { force: true });
  }

  #readState(): { address: string; validator: string } | undefined {
    try {
      const state: unknown = JSON.parse(readFileSync(this.#statePath, "utf8"));
      if (typeof state !== "object" || state === null) return undefined;
      const [address, validator] = [Reflect.get(state, "address"), Reflect.get(state, "validator")];
      return typeof address === "string" && typeof validator === "string"
        ? { address, validator }
        : undefined;
    } catch {
      // Missing, or cut off by a crash: then the download begins anew, which is always right.
      return undefined;
    }
  }
}
