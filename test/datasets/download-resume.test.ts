import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { downloadFile } from "../../src/datasets/download/download.js";
import { type Answer, breakConnections, drops, FileServer, ranges, stalls } from "./file-server.js";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251));
const sha256 = createHash("sha256").update(content).digest("hex");

describe("downloadFile() on a server that is not to be relied on", () => {
  let directory: string;
  const servers: FileServer[] = [];
  const variables = ["HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
  const environment = variables.map((name) => [name, process.env[name]] as const);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rnnlab-resume-"));
    for (const name of variables) delete process.env[name];
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    for (const [name, value] of environment) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(directory, { recursive: true });
  });

  async function serve(...answers: Answer[]): Promise<FileServer> {
    const server = await FileServer.start(...answers);
    servers.push(server);
    return server;
  }

  const file = (): string => join(directory, "data.bin");
  const read = (path: string): Buffer => readFileSync(path);
  const download = (address: string, options: { timeout?: number; sha256?: string } = {}): Promise<Buffer> =>
    downloadFile({
      largest: 2 ** 20,
      address,
      file: file(),
      sha256,
      read,
      onProgress: ({ received }) => breakConnections(received),
      ...options,
    });
  const rangesOf = ({ requests }: FileServer): (string | undefined)[] =>
    requests.map(({ headers }) => headers.range);

  it("goes on where the connection broke, several times", async () => {
    const server = await serve(drops(content, 40_000), drops(content, 10_000), ranges(content));
    const received: number[] = [];
    const totals = new Set<number | undefined>();
    const got = await downloadFile({
      largest: 2 ** 20,
      address: server.address,
      file: file(),
      sha256,
      read,
      onProgress: (progress) => {
        received.push(progress.received);
        totals.add(progress.total);
        breakConnections(progress.received);
      },
    });
    assert.deepEqual(got, content);
    assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-", "bytes=50000-"]);
    assert.equal(server.requests[1]?.headers["if-range"], '"v1"');
    assert.deepEqual(
      received,
      received.toSorted((a, b) => a - b),
    );
    assert.deepEqual([received.at(-1), [...totals]], [content.length, [content.length]]);
    assert.deepEqual(readdirSync(directory), ["data.bin"]);
  });

  it("goes on after a stall", async () => {
    const server = await serve(stalls(content, 40_000), ranges(content));
    assert.deepEqual(await download(server.address, { timeout: 1000 }), content);
    assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-"]);
  });

  it("gives up when no attempt brings more, and goes on with the next call", async () => {
    const refuse: Answer = (_, response) => response.destroy();
    const server = await serve(drops(content, 40_000), refuse, ranges(content));
    await assert.rejects(download(server.address), {
      message: /^Cannot download http:.*data\.bin: the connection must hold until the end, got /,
    });
    assert.deepEqual(readdirSync(directory), ["data.bin.partial", "data.bin.partial.json"]);
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-", "bytes=40000-"]);
    assert.deepEqual(readdirSync(directory), ["data.bin"]);
  });

  it("gives up after five attempts", async () => {
    const server = await serve(drops(content, 1000));
    await assert.rejects(download(server.address), /the connection must hold until the end/);
    assert.equal(server.requests.length, 5);
  });

  it("keeps what it has when the server answers with an error meanwhile", async () => {
    const busy: Answer = (_, response) => {
      response.statusCode = 503;
      response.end();
    };
    const server = await serve(drops(content, 40_000), busy, busy, ranges(content));
    await assert.rejects(download(server.address), {
      message: `Cannot download ${server.address}: the server must answer 200 OK, got 503 Service Unavailable`,
    });
    assert.deepEqual(await download(server.address), content);
    assert.equal(rangesOf(server).at(-1), "bytes=40000-");
  });

  it("begins anew when the content has changed", async () => {
    const old = Buffer.alloc(100_000, "old");
    const server = await serve(drops(old, 40_000), ranges(content, '"v2"'));
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-"]);
  });

  it("begins anew when the server sends another part than asked for, or cannot go on", async () => {
    const wrong: Answer = (_, response) => {
      response.statusCode = 206;
      response.setHeader("content-range", "bytes 0-9/100000");
      response.end(content.subarray(0, 10));
    };
    const unsatisfiable: Answer = (_, response) => {
      response.statusCode = 416;
      response.end();
    };
    for (const answer of [wrong, unsatisfiable]) {
      const server = await serve(drops(content, 40_000), answer, ranges(content));
      assert.deepEqual(await download(server.address), content);
      assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-", undefined]);
      rmSync(file());
    }
  });

  it("keeps nothing from a server that marks its content with nothing or with a weak ETag", async () => {
    for (const etag of [undefined, 'W/"v1"']) {
      const server = await serve((request, response) => {
        if (etag !== undefined) response.setHeader("etag", etag);
        response.setHeader("content-length", content.length);
        response.write(content.subarray(0, 40_000), () => response.destroy());
        assert.equal(request.headers.range, undefined);
      });
      await assert.rejects(download(server.address), /the connection must hold until the end/);
      assert.equal(server.requests.length, 1);
      assert.deepEqual(readdirSync(directory), []);
    }
  });

  it("does not go on with what came from another address", async () => {
    const refuse: Answer = (_, response) => response.destroy();
    const first = await serve(drops(content, 40_000), refuse);
    await assert.rejects(download(first.address));
    const mirror = await serve(ranges(content));
    assert.deepEqual(await download(mirror.address), content);
    assert.deepEqual(rangesOf(mirror), [undefined]);
  });

  it("begins anew when a crash has cut off the note of where a part is from", async () => {
    writeFileSync(`${file()}.partial`, content.subarray(0, 10));
    writeFileSync(`${file()}.partial.json`, '{"addr');
    const server = await serve(ranges(content));
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(rangesOf(server), [undefined]);
  });

  it("discards what was continued to another content, and gets it right with the next call", async () => {
    const server = await serve(drops(Buffer.alloc(100_000, "x"), 40_000), ranges(content), ranges(content));
    await assert.rejects(
      download(server.address),
      /checksum differs \(expected .*; load again, and report it/,
    );
    assert.deepEqual(readdirSync(directory), []);
    assert.deepEqual(await download(server.address), content);
  });

  it("refuses content that was corrupted or cut off where the server does not say its length", async () => {
    for (const sent of [Buffer.alloc(100_000), content.subarray(0, 99_999)]) {
      const server = await serve((_, response) => {
        response.write(sent.subarray(0, 10));
        response.end(sent.subarray(10));
      });
      await assert.rejects(download(server.address), /checksum differs/);
      assert.deepEqual(readdirSync(directory), []);
    }
  });

  it("follows a redirect, and goes on behind it", async () => {
    const target = await serve(drops(content, 40_000), ranges(content));
    const server = await serve((_, response) => {
      response.writeHead(302, { location: target.address }).end();
    });
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(rangesOf(target), [undefined, "bytes=40000-"]);
  });

  it("ends a redirect in circles", async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: "/data.bin" }).end();
    });
    await assert.rejects(download(server.address), {
      message: `Cannot download ${server.address}: the connection must hold until the end, got redirect count exceeded`,
    });
  });

  it("goes through the proxy that the environment names", async () => {
    const server = await serve(ranges(content));
    const proxy = await serve(ranges(Buffer.alloc(0)));
    const targets: string[] = [];
    proxy.tunnel((target) => targets.push(target));
    process.env.HTTP_PROXY = proxy.origin;
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(targets, [new URL(server.address).host]);
    rmSync(file());
    process.env.NO_PROXY = "127.0.0.1";
    assert.deepEqual(await download(server.address), content);
    assert.equal(targets.length, 1);
  });

  it("says which proxy cannot be reached", async () => {
    const server = await serve(ranges(content));
    const proxy = await serve(ranges(content));
    process.env.HTTP_PROXY = proxy.origin;
    const { port } = new URL(proxy.origin);
    proxy.close();
    await assert.rejects(download(server.address), {
      message: new RegExp(`^Cannot download ${server.address}: .*ECONNREFUSED.*127\\.0\\.0\\.1:${port}`),
    });
  });

  it("gives up a server that does not complete the connection", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    // The handshake of TLS is part of connecting, and nobody answers it.
    const address = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/data.bin`;
    await assert.rejects(download(address, { timeout: 100 }), {
      message: `Cannot download ${address}: the server must send data within 0.1 s, got none`,
    });
    silent.close();
  });

  it("downloads once for all who ask at the same time", async () => {
    const server = await serve(ranges(content));
    const all = await Promise.all(Array.from({ length: 5 }, () => download(server.address)));
    for (const one of all) assert.deepEqual(one, content);
    assert.equal(server.requests.length, 1);
  });

  it("lets those who wait try themselves when the first fails", async () => {
    const fail: Answer = (_, response) => {
      response.statusCode = 500;
      response.end();
    };
    const server = await serve(fail, ranges(content));
    const both = await Promise.allSettled([download(server.address), download(server.address)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(server.requests.length, 2);
  });

  it("downloads once for several processes", async () => {
    // Nobody gets an answer before all of them are there, or could be.
    const waiting: (() => void)[] = [];
    const lines: string[] = [];
    // One downloads and two wait for it, which may tell so before its request has come.
    const answerAll = () => {
      if (lines.filter((line) => line === "waits").length < 2) return;
      for (const answer of waiting.splice(0)) answer();
    };
    const server = await serve((request, response) => {
      waiting.push(() => ranges(content)(request, response));
      answerAll();
    });
    const script = join(__dirname, "download-process.js");
    const processes = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [script, server.address, file(), sha256]),
    );
    const ended = processes.map(
      (child) =>
        new Promise<number | null>((resolve) => {
          child.stdout.on("data", (data: Buffer) => {
            lines.push(...data.toString().trim().split("\n"));
            answerAll();
          });
          child.stderr.pipe(process.stderr);
          child.on("exit", resolve);
        }),
    );
    assert.deepEqual(await Promise.all(ended), [0, 0, 0]);
    assert.equal(server.requests.length, 1);
    assert.equal(lines.filter((line) => line === sha256).length, 3);
  });

  it("goes on after the process that downloaded was killed", async () => {
    const server = await serve(stalls(content, 40_000), ranges(content));
    const script = join(__dirname, "download-process.js");
    const child = spawn(process.execPath, [script, server.address, file(), sha256]);
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (data: Buffer) => {
        if (data.toString().includes("received 40000")) resolve();
      });
    });
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("exit", resolve));
    assert.ok(readdirSync(directory).includes("data.bin.lock"));
    assert.deepEqual(await download(server.address), content);
    assert.deepEqual(rangesOf(server), [undefined, "bytes=40000-"]);
    assert.deepEqual(readdirSync(directory), ["data.bin"]);
  });

  it("takes over the lock of another machine that has given no sign of life for a minute", async () => {
    const lock = `${file()}.lock`;
    writeFileSync(lock, JSON.stringify({ pid: 1, host: `not-${hostname()}` }));
    const past = new Date(Date.now() - 70_000);
    utimesSync(lock, past, past);
    const server = await serve(ranges(content));
    assert.deepEqual(await download(server.address), content);
  });
});
