import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
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

/** Makes connection data with five ports of the loopback interface that are free at the moment. */
export async function makeConnection(overrides: Partial<Connection> = {}): Promise<Connection> {
  const servers = await Promise.all(Array.from({ length: 5 }, listenAnywhere));
  const [shell = 0, iopub = 0, stdin = 0, control = 0, hb = 0] = servers.map(
    (server) => (server.address() as AddressInfo).port,
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "rnnlab",
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: hb,
    ...overrides,
  };
}

/** Writes the connection file into a directory of its own; `remove` deletes both. */
export function writeConnectionFile(connection: Connection): { file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "rnnlab-kernel-test-"));
  const file = join(directory, "connection file.json");
  writeFileSync(file, JSON.stringify(connection));
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
