import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { downloadFile } from "../../src/datasets/download/download.js";
import type { DownloadProgress } from "../../src/datasets/download/transfer.js";

// printf 'hello world' | sha256sum
const HELLO_SHA256 = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

describe("downloadFile()", () => {
  let directory: string;
  let server: Server | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rnnlab-download-"));
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    rmSync(directory, { recursive: true });
  });

  async function serve(listener: RequestListener): Promise<string> {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/data.csv`;
  }

  const target = (): string => join(directory, "new", "data.csv");
  const readText = (file: string): string => readFileSync(file, "utf8");

  /** Nothing may be left of a download that failed. */
  async function fails(
    options: { address: string; sha256?: string; timeout?: number; read?: (file: string) => unknown },
    message: string | RegExp,
  ): Promise<void> {
    const download = downloadFile({ largest: 2 ** 20, read: readText, ...options, file: target() });
    await assert.rejects(download, (error: unknown) => {
      assert.ok(error instanceof Error);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(readdirSync(join(directory, "new")), []);
  }

  it("puts the file in place, verified, and reports every piece", async () => {
    const address = await serve((_, response) => {
      response.setHeader("content-length", 11);
      response.end("hello world");
    });
    const progress: DownloadProgress[] = [];
    const content = await downloadFile({
      largest: 2 ** 20,
      address,
      file: target(),
      sha256: HELLO_SHA256.toUpperCase(),
      read: (temporaryFile) => {
        assert.equal(temporaryFile, `${target()}.partial`);
        assert.deepEqual(readdirSync(join(directory, "new")), ["data.csv.lock", "data.csv.partial"]);
        return readText(temporaryFile);
      },
      onProgress: (step) => progress.push(step),
    });
    assert.equal(content, "hello world");
    assert.equal(readText(target()), "hello world");
    assert.deepEqual(readdirSync(join(directory, "new")), ["data.csv"]);
    assert.deepEqual(progress.at(-1), { received: 11, total: 11 });
  });

  it("does not know the total where the server does not say it", async () => {
    const address = await serve((_, response) => {
      response.write("hello ");
      response.end("world");
    });
    const totals = new Set<number | undefined>();
    const onProgress = ({ total }: DownloadProgress): Set<number | undefined> => totals.add(total);
    await downloadFile({ largest: 2 ** 20, address, file: target(), read: readText, onProgress });
    assert.deepEqual([...totals], [undefined]);
  });

  it("unpacks compressed content, of which the total is not known", async () => {
    const packed = gzipSync("hello world");
    const address = await serve((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.setHeader("content-length", packed.length);
      response.end(packed);
    });
    let last: DownloadProgress | undefined;
    const content = await downloadFile({
      largest: 2 ** 20,
      address,
      file: target(),
      read: readText,
      onProgress: (step) => {
        last = step;
      },
    });
    assert.equal(content, "hello world");
    assert.deepEqual(last, { received: 11, total: undefined });
  });

  it("lets two downloads of one file go on at once", async () => {
    const address = await serve((_, response) => response.end("hello world"));
    const options = { largest: 2 ** 20, address, file: target(), read: readText };
    assert.deepEqual(await Promise.all([downloadFile(options), downloadFile(options)]), [
      "hello world",
      "hello world",
    ]);
    assert.deepEqual(readdirSync(join(directory, "new")), ["data.csv"]);
  });

  it("ends a download that is larger than it may be, whatever the server says of its size", async () => {
    let sent = 0;
    const endless: RequestListener = (_, response) => {
      const piece = Buffer.alloc(2 ** 16, "x");
      const more = (): void => {
        if (response.destroyed) return;
        sent += piece.length;
        if (response.write(piece)) setImmediate(more);
        else response.once("drain", more);
      };
      more();
    };
    const address = await serve(endless);
    await fails(
      { address },
      /^Cannot download http:.*: the file must have at most 1048576 bytes, got \d+; set maxFileBytes to allow more$/,
    );
    assert.ok(sent < 64 * 2 ** 20, `${sent} bytes were taken`);
    server?.close();
    const honest = await serve((_, response) => {
      response.setHeader("content-length", 2 ** 21);
      response.flushHeaders();
    });
    await fails({ address: honest }, /at most 1048576 bytes, got 2097152;/);
  });

  it("refuses a status that is not OK", async () => {
    const address = await serve((_, response) => {
      response.statusCode = 404;
      response.end("no such file");
    });
    await fails({ address }, `Cannot download ${address}: the server must answer 200 OK, got 404 Not Found`);
  });

  it("refuses a checksum that differs", async () => {
    const address = await serve((_, response) => response.end("hello"));
    // printf 'hello' | sha256sum
    const actual = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    await fails(
      { address, sha256: HELLO_SHA256 },
      `Cannot download ${address}: checksum differs (expected ${HELLO_SHA256}, got ${actual}); load again, and report it if it happens twice`,
    );
  });

  it("discards a file that cannot be read, with the reader's error", async () => {
    const address = await serve((_, response) => response.end("<html>"));
    const read = (): never => {
      throw new RangeError("no CSV");
    };
    await fails({ address, read }, "no CSV");
  });

  it("notices a connection that drops half-way", async () => {
    const address = await serve((_, response) => {
      response.setHeader("content-length", 100);
      response.write("hello", () => response.destroy());
    });
    await fails(
      { address },
      /^Cannot download http:.*data\.csv: the connection must hold until the end, got /,
    );
  });

  it("gives a server up that sends nothing", async () => {
    const address = await serve(() => undefined);
    await fails(
      { address, timeout: 50 },
      `Cannot download ${address}: the server must send data within 0.05 s, got none`,
    );
  });

  it("gives a server up that stalls half-way", async () => {
    const address = await serve((_, response) => {
      response.setHeader("content-length", 100);
      response.write("hello");
    });
    await fails(
      { address, timeout: 50 },
      `Cannot download ${address}: the server must send data within 0.05 s, got none`,
    );
  });

  it("says why a server cannot be reached", async () => {
    const address = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await fails({ address }, /: the connection must hold until the end, got ECONNREFUSED: /);
  });
});
