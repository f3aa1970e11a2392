import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { test } from "node:test";

/** Makes a hundred connections, prints their ports, and keeps them until standard input ends. */
const SCRIPT = `
  const { makeConnection } = require(${JSON.stringify(require.resolve("../../tools/kernel-client/index.js"))});
  Promise.all(Array.from({ length: 100 }, () => makeConnection())).then((connections) => {
    const ports = connections.flatMap((each) => Object.entries(each).filter(([name]) => name.endsWith("_port")));
    process.stdout.end(ports.map(([, port]) => port).join(" "));
    process.stdin.resume();
  });
`;

test("connections have no port in common, in one process or two at a time", async () => {
  const processes = [0, 1].map(() =>
    spawn(process.execPath, ["-e", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const printed = await Promise.all(processes.map((each) => text(each.stdout)));
  for (const each of processes) each.stdin.end();
  const ports = printed.flatMap((each) => each.split(" "));
  assert.equal(ports.length, 1000);
  assert.equal(new Set(ports).size, ports.length);
});
