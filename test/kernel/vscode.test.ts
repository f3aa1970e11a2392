/** A front end that starts, uses and ends the kernel as VS Code's Jupyter extension was seen to do. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isAlive, KernelClient, type Message, until } from "../../tools/kernel-client/index.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-vscode-")));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test with a kernel that was started in the notebook's folder; nothing may be left of it. */
async function withKernel(use: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const kernel = await KernelClient.launch({ cwd: folder });
  try {
    await introduce(kernel);
    await use(kernel);
    assert.deepEqual(kernel.violations, []);
  } finally {
    await kernel.dispose();
  }
}

/** Waits for the ports, then asks on both channels every half second until a reply and something on iopub came. */
async function introduce(kernel: KernelClient): Promise<void> {
  const { ip, shell_port, iopub_port } = kernel.connection;
  for (const port of [shell_port, iopub_port]) await listening(ip, port);
  const came = (accepts: (message: Message) => boolean) => kernel.received.some(accepts);
  const ready = () =>
    came(({ header }) => header.msg_type === "kernel_info_reply") &&
    came(({ channel, header }) => channel === "iopub" && header.msg_type === "status");
  for (let attempt = 0; !ready() && attempt < 60; attempt++) {
    for (const channel of ["control", "shell"] as const)
      await kernel.send(channel, "kernel_info_request", {});
    await kernel.waitFor(ready, "a reply and an iopub message", 500).catch(() => undefined);
  }
  assert.ok(ready(), kernel.describe());
  // What came before the subscription was complete lacks its first half.
  await kernel.request("shell", "kernel_info_request");
  kernel.violations.length = 0;
}

async function listening(host: string, port: number): Promise<void> {
  let open = false;
  const attempt = () => {
    const socket = connect(port, host);
    once(socket, "connect").then(
      () => {
        open = true;
        socket.destroy();
      },
      () => open || setTimeout(attempt, 20),
    );
  };
  attempt();
  await until(
    () => open,
    30_000,
    () => `port ${port} is closed`,
  );
}

/** An execute_request with the fields that VS Code sets. */
const cellOptions = {
  allow_stdin: true,
  store_history: true,
  metadata: { cellId: "vscode-notebook-cell:/a.ipynb#W0sZmlsZQ==" },
};

async function submit(kernel: KernelClient, code: string): Promise<string> {
  const id = await kernel.submit(`console.log("started");\n${code}`, cellOptions);
  await kernel.streamed(id, "started");
  return id;
}

test("VS Code: every kernel_info_request sent while the kernel starts is answered on its channel", async () => {
  const kernel = await KernelClient.launch({ cwd: folder });
  try {
    const sent: [string, "control" | "shell"][] = [];
    for (let i = 0; i < 3; i++) {
      for (const channel of ["control", "shell"] as const) {
        sent.push([await kernel.send(channel, "kernel_info_request", {}), channel]);
      }
    }
    for (const [id, channel] of sent) {
      const reply = await kernel.replyTo(id, channel);
      assert.equal((reply.content.language_info as { name: string }).name, "typescript");
    }
  } finally {
    await kernel.dispose();
  }
});

test("VS Code: cells run in the notebook's folder with results, errors and input boxes", () =>
  withKernel(async (kernel) => {
    const cell = await kernel.execute("const units = 3;\n[process.cwd(), units * 2]", cellOptions);
    assert.equal(cell.result, `[ '${folder}', 6 ]`, cell.traceback);
    const failed = await kernel.execute('throw new Error("red")', cellOptions);
    assert.equal(failed.error?.evalue, "red");
    const asking = await kernel.submit('await input("Units?")', cellOptions);
    const question = await kernel.waitFor(({ channel }) => channel === "stdin", "input_request");
    await kernel.send("stdin", "input_reply", { value: "4", status: "ok" }, { parent: question.header });
    assert.equal((await kernel.finish(asking)).result, "'4'");
  }));

test("VS Code: a completion and its documentation come for a name of an earlier cell", () =>
  withKernel(async (kernel) => {
    await kernel.execute(
      "/** Rounds. */\nfunction rounded(n: number) { return Math.round(n); }",
      cellOptions,
    );
    const completion = await kernel.request(
      "shell",
      "complete_request",
      { code: "roun", cursor_pos: 4 },
      2000,
    );
    assert.deepEqual(completion.content.matches, ["rounded"]);
    const help = { code: "rounded", cursor_pos: 7, detail_level: 0 };
    const inspection = await kernel.request("shell", "inspect_request", help);
    assert.match(String((inspection.content.data as Record<string, string>)["text/plain"]), /Rounds\./);
  }));

const interrupts: Record<string, (kernel: KernelClient) => Promise<void>> = {
  "an interrupt_request on the shell channel": async (kernel) => {
    const reply = await kernel.request("shell", "interrupt_request");
    assert.equal(reply.content.status, "ok");
  },
  "SIGINT to the kernel and all processes below it": async (kernel) => {
    for (const pid of kernel.process.tree()) process.kill(pid, "SIGINT");
  },
};

/** What user code does when the front end interrupts or restarts. */
const occupations: Record<string, string> = {
  "a busy loop": "while (true) {}",
  "a pending await": "await new Promise(() => {});",
  "a busy loop after an await": "await null;\nwhile (true) {}",
  "an open input box": 'prompt("?");',
};

for (const [how, interrupt] of Object.entries(interrupts)) {
  test(`VS Code: ${how} ends what runs once, and the state is kept`, () =>
    withKernel(async (kernel) => {
      await kernel.execute("let kept = 5;", cellOptions);
      for (const [what, code] of Object.entries(occupations)) {
        const busy = await submit(kernel, code);
        await interrupt(kernel);
        assert.equal((await kernel.finish(busy)).reply.content.ename, "KeyboardInterrupt", what);
        const next = await kernel.execute("for (let i = 0; i < 3; i++) await null;\nkept", cellOptions);
        assert.equal(next.result, "5", `${what}: ${next.traceback}`);
      }
    }));
}

/** SIGTERM to all descendants, the deepest first, then once to the kernel: no shutdown_request, never SIGKILL. */
async function restart(kernel: KernelClient, between: (children: number[]) => Promise<void>): Promise<void> {
  const [protocol, ...children] = kernel.process.tree();
  assert.ok(children.length > 0, "there is no session process");
  for (const child of [...children].reverse()) process.kill(child, "SIGTERM");
  await between(children);
  kernel.process.tree();
  process.kill(protocol!, "SIGTERM");
  await kernel.process.waitUntilGone();
}

const restarts: Record<string, string> = {
  ...occupations,
  nothing: "",
  "native code that waits": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  "a child process": 'require("node:child_process").spawn("sleep", ["1000"]);\nwhile (true) {}',
  "a cell that ignores SIGTERM": 'process.on("SIGTERM", () => {});\nawait new Promise(() => {});',
};

for (const [what, code] of Object.entries(restarts)) {
  test(`VS Code: a restart during ${what} leaves no process behind`, () =>
    withKernel(async (kernel) => {
      await submit(kernel, code);
      await restart(kernel, async () => {});
    }));
}

test("VS Code: a restart leaves nothing behind though the kernel replaces its session meanwhile", () =>
  withKernel(async (kernel) => {
    await submit(kernel, "while (true) {}");
    await restart(kernel, async (children) => {
      await until(
        () => !children.some(isAlive) && kernel.process.tree().length > 1,
        10_000,
        () => "there is no other session",
      );
    });
  }));
