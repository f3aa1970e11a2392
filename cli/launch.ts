import { spawn } from "node:child_process";
import {
  constants,
  createCipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, isIP, type Server } from "node:net";
import { constants as system, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { TRAITS } from "../kernel/shared/language.js";
import { messageOf } from "../src/platform/message-of.js";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";

/** The kernel's channels; the launcher itself listens on one more port. */
const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"];
/** How often ports are drawn from a range before it counts as full. */
const DRAWS = 1000;
const LOOPBACK = "127.0.0.1";

interface LaunchArguments {
  readonly kernelId: string;
  readonly response: { readonly host: string; readonly port: number };
  /** The first and the last port to use; undefined for any. */
  readonly range: readonly [number, number] | undefined;
  readonly publicKey: KeyObject;
  readonly ip: string;
  readonly isPlain: boolean;
}

/**
 * `rnnlab launch`: starts a kernel for Enterprise Gateway, as its launchers do, and tells the gateway where it is. The
 * gateway then sends signals to the launcher, which passes them on until the kernel has ended.
 *
 * @param args - what follows the command's name
 * @returns the exit code of the kernel
 * @throws {UsageError} when the arguments are wrong
 */
export async function launch(args: readonly string[]): Promise<number> {
  const options = readLaunchArguments(args);
  const { ip, kernelId } = options;
  const [listener, ...kernelPorts] = await openPorts(1 + CHANNELS.length, ip, options.range);
  if (listener === undefined) throw new Error("Cannot launch a kernel: no port is open");
  const ports = CHANNELS.map((channel, index) => [`${channel}_port`, portOf(kernelPorts[index])]);
  const connection = {
    ...Object.fromEntries(ports),
    ip,
    transport: "tcp",
    key: randomBytes(16).toString("hex"),
    signature_scheme: "hmac-sha256",
  };
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-launch-"));
  try {
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    await Promise.all(kernelPorts.map((server) => once(server.close(), "close")));
    const language = options.isPlain ? TRAITS.javascript : TRAITS.typescript;
    const command = [resolve(__dirname, "main.js"), "kernel", ...language.options, file];
    const kernel = spawn(process.execPath, command, {
      stdio: ["ignore", "inherit", "inherit"],
      // It ends with the launcher. The gateway may be on another machine.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
    });
    const ended = once(kernel, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    const pass = (signal: number | NodeJS.Signals): void => void kernel.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, pass);
    obey(listener, pass);
    const told = { ...connection, kernel_id: kernelId, pid: process.pid, comm_port: portOf(listener) };
    await tell(options, told).catch((error: unknown) => {
      kernel.kill("SIGTERM");
      throw error;
    });
    const [code, signal] = await ended;
    return code ?? 128 + system.signals[signal ?? "SIGKILL"];
  } finally {
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does what the gateway asks for: `signum` is a signal (0 only looks whether somebody listens), `shutdown` the end. */
function obey(listener: Server, pass: (signal: number | NodeJS.Signals) => void): void {
  listener.on("connection", async (socket) => {
    try {
      const { signum = 0, shutdown = 0 } = JSON.parse(await text(socket)) as Record<
        string,
        number | undefined
      >;
      if (shutdown === 1) pass("SIGTERM");
      else if (signum > 0) pass(signum);
    } catch (error) {
      console.error(`rnnlab: Cannot read what the gateway asks for: ${messageOf(error)}`);
    } finally {
      socket.destroy();
    }
  });
}

/** Sends the connection to the gateway, so that nobody else can read it. */
async function tell({ response, publicKey }: LaunchArguments, connection: object): Promise<void> {
  const secret = randomBytes(16);
  const cipher = createCipheriv("aes-128-ecb", secret, null);
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(connection)), cipher.final()]);
  const key = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, secret);
  const payload = { version: 1, key: key.toString("base64"), conn_info: encrypted.toString("base64") };
  const socket = connect(response);
  try {
    await once(socket, "connect");
    socket.end(Buffer.from(JSON.stringify(payload)).toString("base64"));
    await once(socket, "close");
  } catch (cause) {
    const { host, port } = response;
    throw new Error(`Cannot tell Enterprise Gateway at ${host}:${port} of the kernel: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Opens ports all at once, so that no two are the same. */
async function openPorts(count: number, ip: string, range: LaunchArguments["range"]): Promise<Server[]> {
  const servers: Server[] = [];
  try {
    for (let draw = 0; servers.length < count; draw++) {
      if (draw === DRAWS)
        throw new Error(
          `Cannot launch a kernel: --port-range must have ${count} free ports, got ${range?.join("..")}`,
        );
      const server = await openPort(ip, range);
      if (server !== undefined) servers.push(server);
    }
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

/** Opens a port at random; undefined if it is taken. */
async function openPort(
  ip: string,
  [first, last]: readonly [number, number] = [0, 0],
): Promise<Server | undefined> {
  const server = createServer({ allowHalfOpen: true });
  try {
    await once(server.listen(first + Math.floor(Math.random() * (last - first + 1)), ip), "listening");
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}

function portOf(server: Server | undefined): number {
  const address = server?.address();
  if (typeof address !== "object" || address === null)
    throw new Error("Cannot launch a kernel: a port is not open any more");
  return address.port;
}

function readLaunchArguments(args: readonly string[]): LaunchArguments {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArguments(args, {
    "kernel-id": text,
    "response-address": text,
    "port-range": text,
    "public-key": text,
    ip: text,
    javascript: { type: "boolean" },
  });
  if (positionals.length > 0) throw new UsageError(`launch takes options only, got ${positionals.join(" ")}`);
  const {
    "kernel-id": kernelId,
    "response-address": address,
    "port-range": ports,
    "public-key": key,
  } = values;
  if (kernelId === undefined) throw new UsageError("launch needs --kernel-id");
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined)
    throw new UsageError(`--response-address must be HOST:PORT, got ${JSON.stringify(address)}`);
  const ip = values.ip ?? LOOPBACK;
  if (isIP(ip) === 0) throw new UsageError(`--ip must be an address, got ${JSON.stringify(ip)}`);
  return {
    kernelId,
    response: { host, port: Number(port) },
    range: readRange(ports),
    publicKey: readKey(key ?? ""),
    ip,
    isPlain: values.javascript ?? false,
  };
}

/** Reads `40000..41000`; `0..0` means any. */
function readRange(range = "0..0"): LaunchArguments["range"] {
  const [, low, high] = /^(\d+)\.\.(\d+)$/.exec(range) ?? [];
  const [first, last] = [Number(low), Number(high)];
  if (first === 0 && last === 0) return undefined;
  if (!(first >= 1024 && first <= last && last <= 65_535))
    throw new UsageError(`--port-range must be FIRST..LAST between 1024 and 65535, or 0..0, got ${range}`);
  return [first, last];
}

function readKey(key: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
  } catch (cause) {
    throw new UsageError("--public-key must be the gateway's key, in base64", { cause });
  }
}
