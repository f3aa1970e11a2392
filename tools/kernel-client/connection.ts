import { randomInt, randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The contents of a Jupyter connection file. */
export interface Connection {
  readonly transport: "tcp";
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: "hmac-sha256";
  readonly kernel_name: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** Ports that no system hands out by itself (Linux begins at 32768, the others at 49152): nobody gets one by chance. */
const [FIRST_PORT, END_PORT] = [16_384, 32_768];

/**
 * The ports taken by connections of this process. A kernel opens its ports some 100 ms after they were chosen. Until
 * then nobody may choose them again: not this process and not one of the test files that run beside it. So each is
 * held by a socket of another protocol, whose ports have the same numbers and are of no use to kernels.
 */
const taken = new Map<number, Socket>();

/** Makes connection data with five ports of the loopback interface that are free, and stay so but for the kernel. */
export async function makeConnection(overrides: Partial<Connection> = {}): Promise<Connection> {
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "rnnlab",
    shell_port: await takePort(),
    iopub_port: await takePort(),
    stdin_port: await takePort(),
    control_port: await takePort(),
    hb_port: await takePort(),
    ...overrides,
  };
}

/** Lets others have a connection's ports. Those of connections that are not released are free at the end of the process. */
export function releasePorts(connection: Connection): void {
  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = connection;
  for (const port of [shell_port, iopub_port, stdin_port, control_port, hb_port]) {
    taken.get(port)?.close();
    taken.delete(port);
  }
}

/** Writes the connection file into a directory of its own; `remove` deletes both. */
export function writeConnectionFile(connection: Connection): { file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "rnnlab-kernel-test-"));
  const file = join(directory, "connection file.json");
  writeFileSync(file, JSON.stringify(connection));
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

async function takePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, END_PORT);
    const socket = createSocket("udp4").unref();
    const server = createServer();
    try {
      socket.bind(port, "127.0.0.1");
      await once(socket, "listening");
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      server.close();
      await once(server, "close");
      taken.set(port, socket);
      return port;
    } catch (error) {
      socket.close();
      if (!isInUse(error)) throw error;
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
