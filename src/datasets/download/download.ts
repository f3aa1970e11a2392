import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { exclusively } from "../../platform/exclusive.js";
import { sha256Of } from "../checksum.js";
import { ConnectionError } from "./connection.js";
import { PartialFile } from "./partial-file.js";
import { type DownloadProgress, type TransferOptions, transfer } from "./transfer.js";

/** What to download, and how. */
export interface DownloadOptions<Content> {
  readonly address: string;
  /** Where the file is put; its directory is made. */
  readonly file: string;
  /** Most bytes that the file may have. */
  readonly largest: number;
  /** Expected sha256 in hexadecimal, where one is known. */
  readonly sha256?: string;
  /** Reads the whole file, still under a temporary name or in its place; if this throws, the file is discarded. */
  readonly read: (file: string) => Content | Promise<Content>;
  /** Milliseconds without any byte after which the download is given up; 10,000 unless given. */
  readonly timeout?: number;
  /** Called while bytes come, also if it is another caller who downloads them. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const MOST_ATTEMPTS = 5;
const WATCH_INTERVAL = 250;

/**
 * Downloads a file, once for all who ask for it at the same time, in this process and in others. It comes under its
 * name only when it is whole, verified and read. When the connection breaks, the download goes on from there, at once
 * while it makes progress and else with the next call, if the server allows to continue; otherwise nothing is kept. An
 * interrupt ends it at once.
 *
 * @returns what `read` made of the file
 * @throws {Error} when the server cannot be reached, answers with an error status, stalls or drops the connection, or
 * sends more than `largest`, or the checksum differs; it names the address
 */
export async function downloadFile<Content>(options: DownloadOptions<Content>): Promise<Content> {
  const { address, file, largest, sha256, read, timeout = 10_000, onProgress } = options;
  const partial = new PartialFile(file);
  await mkdir(dirname(file), { recursive: true });
  const watch = new Watch(partial, onProgress);
  const work = async (signal: AbortSignal): Promise<Content> => {
    watch.end();
    if (existsSync(file)) return await read(file);
    await transferWhole({ address, partial, largest, timeout, signal, onProgress });
    try {
      if (sha256 !== undefined) await requireChecksum(partial.path, { address, sha256 });
      const content = await read(partial.path);
      await rename(partial.path, file);
      return content;
    } finally {
      partial.discard();
    }
  };
  try {
    return await exclusively(`${file}.lock`, work, () => watch.begin());
  } finally {
    watch.end();
  }
}

async function transferWhole(options: TransferOptions): Promise<void> {
  const { address, partial } = options;
  for (let attempt = 1; ; attempt++) {
    const before = partial.size;
    try {
      return await transfer(options);
    } catch (error) {
      const point = partial.resumePoint(address);
      if (point === undefined || error instanceof RangeError) partial.discard();
      const again = error instanceof ConnectionError && point !== undefined && point.size > before;
      if (!again || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function requireChecksum(
  file: string,
  { address, sha256 }: { readonly address: string; readonly sha256: string },
): Promise<void> {
  const actual = await sha256Of(file);
  if (actual === sha256.toLowerCase()) return;
  throw new Error(
    `Cannot download ${address}: checksum differs (expected ${sha256}, got ${actual}); load again, and report it if it happens twice`,
  );
}

/** Reports how the file grows while another caller downloads it. */
class Watch {
  readonly #partial: PartialFile;
  readonly #onProgress: DownloadOptions<unknown>["onProgress"];
  #timer: NodeJS.Timeout | undefined;

  constructor(partial: PartialFile, onProgress: DownloadOptions<unknown>["onProgress"]) {
    this.#partial = partial;
    this.#onProgress = onProgress;
  }

  begin(): void {
    this.#timer = setInterval(
      () => this.#onProgress?.({ received: this.#partial.size, total: undefined }),
      WATCH_INTERVAL,
    );
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
