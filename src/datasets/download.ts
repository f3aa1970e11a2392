import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes received so far. */
  readonly received: number;
  /** Bytes in all, where the server says so. */
  readonly total: number | undefined;
}

/** What to download, and how. */
export interface DownloadOptions<Content> {
  readonly address: string;
  /** Where the file is put; its directory is made. */
  readonly file: string;
  /** Expected sha256 in hexadecimal, where one is known. */
  readonly sha256?: string;
  /** Reads the whole file while it is still under a temporary name; if this throws, the file is discarded. */
  readonly read: (temporaryFile: string) => Content;
  /** Milliseconds without any byte after which the download is given up; 10,000 unless given. */
  readonly timeout?: number;
  /** Called after every piece that was written. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Downloads a file. It comes under its name only when it is whole, verified and read, so an interrupted download
 * leaves nothing behind, and two at once do not disturb each other.
 *
 * @returns what `read` made of the file
 * @throws Error that names the address: the server cannot be reached, answers with an error status, stalls or drops
 * the connection, or the checksum differs
 */
export async function downloadFile<Content>(options: DownloadOptions<Content>): Promise<Content> {
  const { address, file } = options;
  const temporaryFile = `${file}.${randomUUID()}.partial`;
  await mkdir(dirname(file), { recursive: true });
  try {
    const sha256 = await receive(options, temporaryFile);
    if (options.sha256 !== undefined && sha256 !== options.sha256.toLowerCase()) {
      throw new Error(
        `Cannot download ${address}: checksum differs (expected ${options.sha256}, got ${sha256}); load again, and report it if it happens twice`,
      );
    }
    const content = options.read(temporaryFile);
    await rename(temporaryFile, file);
    return content;
  } finally {
    await rm(temporaryFile, { force: true });
  }
}

/** Receives into the temporary file and returns the sha256 of what was received. */
async function receive(options: DownloadOptions<unknown>, temporaryFile: string): Promise<string> {
  const { address, timeout = 10_000, onProgress } = options;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  const fromNetwork = async <Value>(step: Promise<Value>): Promise<Value> => {
    try {
      return await step;
    } catch (cause) {
      const reason = abort.signal.aborted
        ? `the server must send data within ${timeout / 1000} s, got none`
        : `the connection must hold until the end, got ${describeFailure(cause)}`;
      throw new Error(`Cannot download ${address}: ${reason}`, { cause });
    }
  };
  const output = await open(temporaryFile, "wx");
  try {
    const response = await fromNetwork(fetch(address, { signal: abort.signal }));
    if (!response.ok || response.body === null) {
      throw new Error(
        `Cannot download ${address}: the server must answer 200 OK, got ${response.status} ${response.statusText}`,
      );
    }
    const { headers } = response;
    const length = headers.get("content-length");
    // The length of compressed content says nothing of the bytes that come out of it.
    const total = length === null || headers.has("content-encoding") ? undefined : Number(length);
    const hash = createHash("sha256");
    const reader = response.body.getReader();
    for (let received = 0; ; ) {
      const { done, value } = await fromNetwork(reader.read());
      if (done) return hash.digest("hex");
      timer.refresh();
      hash.update(value);
      await output.writeFile(value);
      received += value.byteLength;
      onProgress?.({ received, total });
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
    await output.close();
  }
}

/** What fetch() hides in its cause: "fetch failed" or "terminated" alone help nobody. */
function describeFailure(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  const code: unknown = Reflect.get(inner, "code");
  return [code, inner.message].filter((part) => part !== undefined && part !== "").join(": ");
}
