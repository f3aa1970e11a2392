import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** What a request was, and how it is to be answered. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A local server that answers each request as the test says, the last answer again and again. */
export class FileServer {
  /** Every request's headers, in order. */
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server;

  private constructor(answers: readonly Answer[]) {
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      answers[Math.min(this.requests.length, answers.length) - 1]?.(request, response);
    });
  }

  static async start(...answers: Answer[]): Promise<FileServer> {
    const server = new FileServer(answers);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get address(): string {
    return `${this.origin}/data.bin`;
  }

  /** Answers CONNECT as a proxy does, and calls back with the target. */
  tunnel(onConnect: (target: string) => void): void {
    this.#server.on("connect", (request, socket) => {
      onConnect(request.url ?? "");
      const { hostname, port } = new URL(`http://${request.url}`);
      const target = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      target.on("error", () => socket.destroy());
      socket.on("error", () => target.destroy());
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const ETAG = '"v1"';

/** Sends the content, or the part of it that a range asks for, if its ETag is still the server's. */
export function ranges(content: Buffer, etag = ETAG): Answer {
  return (request, response) => {
    response.setHeader("etag", etag);
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    if (from === undefined || request.headers["if-range"] !== etag) {
      response.setHeader("content-length", content.length);
      response.end(content);
      return;
    }
    const rest = content.subarray(Number(from));
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${from}-${content.length - 1}/${content.length}`);
    response.setHeader("content-length", rest.length);
    response.end(rest);
  };
}

const breaking = new Set<{ readonly at: number; readonly response: ServerResponse }>();

/**
 * Sends some more bytes of what is asked for, and breaks the connection when `breakConnections` is told that
 * they have come: what is still on its way when a connection breaks is lost.
 */
export function drops(content: Buffer, length: number): Answer {
  return (request, response) => {
    breaking.add({ at: begin(request, response, content, length), response });
  };
}

/** Breaks the connections whose bytes have all come. */
export function breakConnections(received: number): void {
  for (const each of breaking) {
    if (received !== each.at) continue;
    breaking.delete(each);
    each.response.destroy();
  }
}

/** Sends some more bytes of what is asked for, and then nothing more. */
export function stalls(content: Buffer, length: number): Answer {
  return (request, response) => {
    begin(request, response, content, length);
  };
}

/** Returns how many bytes of the content the client has then. */
function begin(request: IncomingMessage, response: ServerResponse, content: Buffer, length: number): number {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.setHeader("etag", ETAG);
  if (from > 0) {
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${from}-${content.length - 1}/${content.length}`);
  }
  response.setHeader("content-length", content.length - from);
  response.write(content.subarray(from, from + length));
  return from + length;
}
