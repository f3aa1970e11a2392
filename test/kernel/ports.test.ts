import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Dictionary, KernelProcess, makeConnection, until } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-ports-test-"));
let connection: Dictionary;
let occupant: Server;
let taken: number;

before(async () => {
  connection = { ...(await makeConnection()) };
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  taken = (occupant.address() as AddressInfo).port;
});
after(() => {
  occupant.close();
  rmSync(folder, { recursive: true });
});

/** Starts a kernel that cannot start: its exit and what it says, once nothing of it runs any more. */
async function refusal(content: string): Promise<string> {
  const file = join(folder, "connection.json");
  writeFileSync(file, content);
  const kernel = new KernelProcess(file);
  try {
    // Looks at its processes as long as it lives, so that they are known when it has ended.
    const ended = (): boolean => kernel.tree().length === 1 && kernel.exit !== undefined && kernel.log !== "";
    await until(ended, 5000, () => `it still runs: ${kernel.log}`);
    await kernel.waitUntilGone();
    return `${kernel.exit}: ${kernel.log}`;
  } finally {
    await kernel.kill();
  }
}

for (const channel of ["shell", "iopub", "stdin", "control", "hb"]) {
  test(`a kernel whose ${channel} port is taken ends at once, names the port and leaves nothing running`, async () => {
    const said = await refusal(JSON.stringify({ ...connection, [`${channel}_port`]: taken }));
    assert.match(said, /^exit status 1: /);
    assert.ok(said.includes(`${channel}_port must be free, got ${taken}`), said);
  });
}

test("an address of another machine is refused with its reason", async () => {
  const said = await refusal(JSON.stringify({ ...connection, ip: "203.0.113.1" }));
  assert.match(said, /^exit status 1: .*tcp:\/\/203\.0\.113\.1:\d+ must be an address of this machine/);
});

const refused: Record<string, [change: Dictionary, rule: string]> = {
  "port 0": [{ shell_port: 0 }, "shell_port must be an integer from 1 to 65535, got 0"],
  "a negative port": [{ iopub_port: -1 }, "iopub_port must be an integer from 1 to 65535, got -1"],
  "half a port": [{ stdin_port: 1.5 }, "stdin_port must be an integer from 1 to 65535, got 1.5"],
  "a port that is too large": [{ hb_port: 70_000 }, "hb_port must be an integer from 1 to 65535, got 70000"],
  "a port as text": [{ hb_port: "5555" }, 'hb_port must be an integer from 1 to 65535, got "5555"'],
  "no port": [{ control_port: undefined }, "control_port must be an integer from 1 to 65535, got nothing"],
  "an unknown transport": [{ transport: "udp" }, 'transport must be "tcp" or "ipc", got "udp"'],
  "another signature": [
    { signature_scheme: "hmac-md5" },
    'signature_scheme must be "hmac-sha256", got "hmac-md5"',
  ],
  "an address that is a number": [{ ip: 127 }, "ip must be a host or an address, got 127"],
  "a key that is a list": [{ key: ["secret"] }, "key must be a string, got object"],
};

for (const [what, [change, rule]] of Object.entries(refused)) {
  test(`a connection file with ${what} is refused by name, rule and value`, async () => {
    const said = await refusal(JSON.stringify({ ...connection, ...change }));
    assert.match(said, /^exit status 1: rnnlab: Cannot read connection file /);
    assert.ok(said.includes(rule), said);
    assert.ok(!said.includes("secret"), said);
  });
}

test("two channels on one port are refused", async () => {
  const said = await refusal(JSON.stringify({ ...connection, stdin_port: connection.shell_port }));
  assert.match(said, /stdin_port must differ from shell_port, got \d+ for both/);
});

for (const content of ["null", "[]", "7", '"text"']) {
  test(`a connection file that holds ${content} is refused`, async () => {
    assert.ok((await refusal(content)).includes(`it must hold a JSON object, got ${content}`));
  });
}

test("a connection file that is no JSON is refused with its name", async () => {
  assert.match(
    await refusal("{"),
    /^exit status 1: rnnlab: Cannot read connection file .*connection\.json: .*JSON/,
  );
});
