import { open } from "node:fs/promises";
import type { Headers, Response } from "undici";
import { messageOf } from "../../platform/message-of.js";
import { Connection } from "./connection.js";
import type { PartialFile } from "./partial-file.js";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes received so far, those of an earlier attempt included. */
  readonly received: number;
  /** Bytes in all, where the server says so. */
  readonly total: number | undefined;
}

/** One attempt to fetch a file. */
export interface TransferOptions {
  readonly address: string;
  readonly partial: PartialFile;
  /** Most bytes that the file may have. */
  readonly largest: number;
  /** Ends the attempt at once. */
  readonly signal: AbortSignal;
  /** Milliseconds without any byte after which the attempt is given up. */
  readonly timeout: number;
  /** Called after every piece that was written. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Fetches an address into its partial file, from where an earlier attempt ended if the server still has the same
 * content (RFC 9110: Range with If-Range). Redirects are followed.
 *
 * @throws {ConnectionError} when the connection broke or stalled
 * @throws {Error} when the server answers with an error status, or the file cannot be written
 */
export async function transfer(options: TransferOptions): Promise<void> {
  const { address, partial, largest, timeout, signal, onProgress } = options;
  const connection = new Connection(address, timeout, signal);
  const limit = (bytes: number): void => {
    if (bytes <= largest) return;
    throw new RangeError(
      `Cannot download ${address}: the file must have at most ${largest} bytes, got ${bytes}; set maxFileBytes to allow more`,
    );
  };
  try {
    const { response, start } = await ask(connection, address, partial);
    if (start === 0) partial.begin(address, validatorOf(response.headers));
    const total = totalOf(response.headers, start);
    limit(total ?? start);
    const output = await open(partial.path, "a");
    try {
      let received = start;
      for await (const piece of connection.read(response)) {
        limit(received + piece.byteLength);
        await output.appendFile(piece).catch((cause: unknown) => {
          throw new Error(
            `Cannot download ${address}: ${partial.path} must be writable, got ${messageOf(cause)}`,
            {
              cause,
            },
          );
        });
        received += piece.byteLength;
        onProgress?.({ received, total });
      }
    } finally {
      await output.close();
    }
  } finally {
    await connection.close();
  }
}

/** Asks for the rest if there is a beginning, and for the whole if the server will not or cannot continue it. */
async function ask(
  connection: Connection,
  address: string,
  partial: PartialFile,
): Promise<{ response: Response; start: number }> {
  // Compressed on the way, a part of it could not be continued.
  const headers = { "accept-encoding": "identity" };
  const point = partial.resumePoint(address);
  if (point !== undefined) {
    const range = { range: `bytes=${point.size}-`, "if-range": point.validator };
    const response = await connection.fetch({ ...headers, ...range });
    if (response.status === 206 && rangeOf(response.headers).start === point.size) {
      return { response, start: point.size };
    }
    // 200: the content has changed, here comes the new one.
    if (response.status === 200) return { response, start: 0 };
    await response.body?.cancel();
  }
  const response = await connection.fetch(headers);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(
      `Cannot download ${address}: the server must answer 200 OK, got ${response.status} ${response.statusText}`,
    );
  }
  return { response, start: 0 };
}

/** What tells this content from another at the same address. A weak ETag does not. */
function validatorOf(headers: Headers): string | undefined {
  if (headers.has("content-encoding")) return undefined;
  const tag = headers.get("etag");
  if (tag?.startsWith('"')) return tag;
  return headers.get("last-modified") ?? undefined;
}

function totalOf(headers: Headers, start: number): number | undefined {
  if (start > 0) return rangeOf(headers).total;
  const length = headers.get("content-length");
  // The length of compressed content says nothing of the bytes that come out of it.
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

function rangeOf(headers: Headers): { start: number | undefined; total: number | undefined } {
  const groups = /^bytes (?<start>\d+)-\d+\/(?<total>\d+|\*)$/.exec(
    headers.get("content-range") ?? "",
  )?.groups;
  const number = (text: string | undefined): number | undefined =>
    text === undefined || text === "*" ? undefined : Number(text);
  return { start: number(groups?.start), total: number(groups?.total) };
}
