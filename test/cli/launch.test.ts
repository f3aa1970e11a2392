import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { constants as system } from "node:os";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { Dealer } from "zeromq";
import { CLI } from "./notebook-project.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = publicKey.export({ type: "spki", format: "der" }).toString("base64");

interface Told {
  readonly version: number;
  readonly connection: Readonly<Record<string, string | number>>;
}

/** What Enterprise Gateway reads of a launcher: AES's key by RSA (PKCS 1), and the connection by AES. */
function decrypted(answer: string): Told {
  const { version, key, conn_info } = JSON.parse(Buffer.from(answer, "base64").toString());
  const padded = privateDecrypt(
    { key: privateKey, padding: constants.RSA_NO_PADDING },
    Buffer.from(key, "base64"),
  );
  assert.deepEqual([...padded.subarray(0, 2)], [0, 2]);
  const secret = padded.subarray(padded.indexOf(0, 2) + 1);
  const cipher = createDecipheriv("aes-128-ecb", secret, null);
  const connection = Buffer.concat([cipher.update(Buffer.from(conn_info, "base64")), cipher.final()]);
  return { version, connection: JSON.parse(connection.toString()) };
}

/** A launcher that is started as the gateway does, and what it tells. */
async function launched(context: TestContext, ...more: string[]): Promise<Told & { launcher: ChildProcess }> {
  const gateway = createServer({ allowHalfOpen: true });
  await once(gateway.listen(0, "127.0.0.1"), "listening");
  const { port } = gateway.address() as AddressInfo;
  const args = [
    "--kernel-id",
    "k-1",
    "--response-address",
    `127.0.0.1:${port}`,
    "--public-key",
    KEY,
    ...more,
  ];
  const launcher = spawn(process.execPath, [CLI, "launch", ...args], { stdio: "inherit" });
  context.after(() => launcher.kill("SIGKILL"));
  const [socket] = (await once(gateway, "connection")) as [Socket];
  const told = decrypted(await text(socket));
  socket.end();
  gateway.close();
  return { ...told, launcher };
}

/** Asks the launcher for something, as the gateway does. */
async function ask(port: unknown, request: object): Promise<void> {
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.end(JSON.stringify(request)).resume();
  await once(socket, "close");
}

test("rnnlab launch tells Enterprise Gateway of a kernel, and passes its signals on", async (context) => {
  const { version, connection, launcher } = await launched(context, "--port-range", "20000..32000");
  assert.equal(version, 1);
  const { kernel_id, pid, ip, transport, signature_scheme, comm_port, key, ...ports } = connection;
  assert.deepEqual(
    { kernel_id, pid, ip, transport, signature_scheme },
    {
      kernel_id: "k-1",
      pid: launcher.pid,
      ip: "127.0.0.1",
      transport: "tcp",
      signature_scheme: "hmac-sha256",
    },
  );
  assert.match(String(key), /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(ports).sort(), [
    "control_port",
    "hb_port",
    "iopub_port",
    "shell_port",
    "stdin_port",
  ]);
  const all = [comm_port, ...Object.values(ports)].map(Number);
  assert.equal(new Set(all).size, 6);
  assert.ok(all.every((port) => port >= 20_000 && port <= 32_000));
  // The heart beats as soon as the kernel is there.
  const heart = new Dealer({ linger: 0 });
  context.after(() => heart.close());
  heart.connect(`tcp://127.0.0.1:${ports.hb_port}`);
  await heart.send(["", "beat"]);
  assert.equal(String((await heart.receive())[1]), "beat");
  // 0 only asks whether somebody is there, and what cannot be read does no harm.
  await ask(comm_port, { signum: 0 });
  await ask(comm_port, ["what?"]);
  assert.equal(launcher.exitCode, null);
  await ask(comm_port, { signum: system.signals.SIGTERM });
  assert.deepEqual(await once(launcher, "exit"), [0, null]);
});

test("rnnlab launch ends the kernel when the gateway is done with it", async (context) => {
  const { connection, launcher } = await launched(context, "--javascript");
  await ask(connection.comm_port, { shutdown: 1 });
  const [code, signal] = await once(launcher, "exit");
  // A kernel that is not up yet ends by the signal.
  assert.ok(code === 0 || code === 143, `${code} ${signal}`);
});

test("rnnlab launch says what is wrong with its arguments", () => {
  const address = ["--response-address", "127.0.0.1:1"];
  const whole = ["--kernel-id", "k", ...address, "--public-key", KEY];
  for (const [args, expected, pattern] of [
    [[], 2, /^rnnlab: launch needs --kernel-id\n/],
    [["--kernel-id", "k"], 2, /^rnnlab: --response-address must be HOST:PORT, got undefined\n/],
    [["--kernel-id", "k", ...address], 2, /^rnnlab: --public-key must be the gateway's key, in base64\n/],
    [[...whole, "--port-range", "9..1"], 2, /^rnnlab: --port-range must be FIRST\.\.LAST .* got 9\.\.1\n/],
    [[...whole, "--ip", "here"], 2, /^rnnlab: --ip must be an address, got "here"\n/],
    [
      [...whole, "--port-range", "20000..20004"],
      1,
      /^rnnlab: Cannot launch a kernel: --port-range must have 6 free/,
    ],
    [whole, 1, /^rnnlab: Cannot tell Enterprise Gateway at 127\.0\.0\.1:1 of the kernel: .*ECONNREFUSED/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [CLI, "launch", ...args], { encoding: "utf8" });
    assert.match(stderr, pattern);
    assert.equal(status, expected, args.join(" "));
  }
});
