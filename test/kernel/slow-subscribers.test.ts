import assert from "node:assert/strict";
import { test } from "node:test";
import { Subscriber } from "zeromq";
import {
  decode,
  type KernelClient,
  type Message,
  residentMemory,
  useKernel,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Messages of a megabyte: what they are more than the pipes hold tells soon. */
const flood = (count: number): string => `
const host = Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"));
console.log("started");
for (let i = 0; i < ${count}; i++) host.publish({ data: { "text/plain": i + "x".repeat(1_000_000) } });
undefined`;

/** A second front end, which takes a message only when it is told to. */
async function subscribe(client: KernelClient): Promise<Subscriber> {
  const subscriber = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
  subscriber.connect(`tcp://127.0.0.1:${client.connection.iopub_port}`);
  subscriber.subscribe();
  await receive(client, subscriber); // iopub_welcome
  return subscriber;
}

async function receive(client: KernelClient, subscriber: Subscriber): Promise<Message> {
  return decode(client.connection.key, "iopub", await subscriber.receive());
}

test("a front end that reads slowly gets everything, and slows the cell down instead of filling memory", async () => {
  const subscriber = await subscribe(kernel());
  const pid = kernel().process.pid;
  const before = residentMemory(pid);
  const id = await kernel().submit(flood(400));
  let most = 0;
  let displays = 0;
  for (;;) {
    const { header, parent, content } = await receive(kernel(), subscriber);
    if (parent.msg_id !== id) continue;
    if (content.execution_state === "idle") break;
    if (header.msg_type !== "display_data") continue;
    assert.match(
      String((content.data as Record<string, unknown>)["text/plain"]),
      new RegExp(`^${displays}x`),
    );
    if (displays++ % 10 === 0) most = Math.max(most, residentMemory(pid));
  }
  subscriber.close();
  assert.equal(displays, 400);
  assert.equal((await kernel().finish(id)).contents("display_data").length, 400);
  assert.ok(most - before < 200, `memory grew from ${before} to ${most} MB`);
});

test("a cell that waits for a front end can be interrupted and goes on when that front end dies", async () => {
  const subscriber = await subscribe(kernel());
  const id = await kernel().submit(flood(1_000_000));
  await kernel().streamed(id, "started");
  await kernel().replyTo(await kernel().send("control", "interrupt_request", {}), "control");
  subscriber.close();
  const cell = await kernel().finish(id);
  assert.equal(cell.reply.content.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a front end that does not read at all does not stop the others for good", async () => {
  const subscriber = await subscribe(kernel());
  const cell = await kernel().execute(flood(100), { timeout: 60_000 });
  assert.equal(cell.contents("display_data").length, 100);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
  subscriber.close();
});

test("a kernel whose front end does not read can be shut down", async () => {
  const subscriber = await subscribe(kernel());
  const id = await kernel().submit(flood(1_000_000));
  await kernel().streamed(id, "started");
  await kernel().shutdown();
  subscriber.close();
  assert.equal(kernel().process.exit, "exit status 0");
});
