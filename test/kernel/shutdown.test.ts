import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { isAlive, KernelClient, SLOW_TO_CHECK, until } from "../../tools/kernel-client/index.js";

let kernel: KernelClient;
afterEach(async () => {
  const { violations } = kernel;
  await kernel.dispose();
  assert.deepEqual(violations, []);
});

async function start(): Promise<KernelClient> {
  kernel = await KernelClient.start();
  return kernel;
}

/** States in which a kernel can be told to end. */
const states: Record<string, string | undefined> = {
  idle: undefined,
  awaiting: 'console.log("started");\nawait new Promise(() => {});',
  busy: 'console.log("started");\nwhile (true) {}',
  "busy with a timer and a child process":
    'import { spawn } from "node:child_process";\nsetInterval(() => {}, 10);\nspawn("sleep", ["1000"]);\nconsole.log("started");\nwhile (true) {}',
};

async function bring(state: string): Promise<void> {
  const code = states[state];
  if (code === undefined) {
    await kernel.execute("1");
    return;
  }
  const id = await kernel.submit(code);
  await kernel.streamed(id, "started");
}

for (const state of Object.keys(states)) {
  for (const restart of [false, true]) {
    test(`shutdown_request with restart ${restart} ends a kernel that is ${state}`, async () => {
      await start();
      await bring(state);
      const reply = await kernel.shutdown(restart);
      assert.equal(reply.content.status, "ok");
      assert.equal(reply.content.restart, restart);
      assert.equal(kernel.process.exit, "exit status 0");
    });
  }

  test(`SIGTERM ends a kernel that is ${state}`, async () => {
    await start();
    await bring(state);
    kernel.process.signal("SIGTERM");
    await kernel.process.waitUntilGone();
  });
}

test("shutdown_request on the shell channel ends an idle kernel", async () => {
  await start();
  kernel.process.tree();
  const id = await kernel.send("shell", "shutdown_request", { restart: false });
  assert.equal((await kernel.replyTo(id, "shell")).content.status, "ok");
  await kernel.process.waitUntilGone();
});

test("SIGTERM to all children and then to the kernel ends it, as VS Code does", async () => {
  await start();
  await bring("busy");
  const [protocol, ...children] = kernel.process.tree();
  assert.ok(children.length > 0, "there is no session process");
  for (const child of children) process.kill(child, "SIGTERM");
  process.kill(protocol!, "SIGTERM");
  await kernel.process.waitUntilGone();
});

for (const state of ["idle", "busy"]) {
  test(`kill -9 of the protocol process leaves no session that is ${state}`, async () => {
    await start();
    await bring(state);
    kernel.process.signal("SIGKILL");
    await kernel.process.waitUntilGone();
  });
}

test("kill -9 of the protocol process leaves no compiler that checks a cell for long", async () => {
  await start();
  await bring("idle");
  const id = await kernel.submit(SLOW_TO_CHECK);
  await kernel.waitFor(
    ({ header, parent }) => header.msg_type === "execute_input" && parent.msg_id === id,
    "execute_input",
  );
  kernel.process.signal("SIGKILL");
  await kernel.process.waitUntilGone(3_000);
});

test("a kernel that is told to end while it compiles its first cell ends", async () => {
  await start();
  await kernel.submit("1 + 1");
  kernel.process.tree();
  const request = await kernel.send("control", "shutdown_request", { restart: false });
  await kernel.replyTo(request, "control");
  await kernel.process.waitUntilGone();
});

test("the session runs in a process of its own", async () => {
  await start();
  const pid = Number((await kernel.execute("process.pid")).result);
  assert.notEqual(pid, kernel.process.pid);
  assert.ok(kernel.process.tree().includes(pid));
});

test("processes that a cell started and left end with the kernel's shutdown or live on alone", async () => {
  await start();
  const cell = await kernel.execute(
    'import { spawn } from "node:child_process";\nconst child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });\nchild.unref();\nchild.pid',
  );
  const child = Number(cell.result);
  const session = Number((await kernel.execute("process.pid")).result);
  const id = await kernel.send("control", "shutdown_request", { restart: false });
  await kernel.replyTo(id, "control");
  try {
    await until(
      () => !isAlive(session) && !isAlive(kernel.process.pid),
      10_000,
      () => "the kernel still lives",
    );
  } finally {
    if (isAlive(child)) process.kill(child, "SIGKILL");
  }
});
