import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  type Dictionary,
  type Execution,
  KernelClient,
  plain,
  useKernel,
} from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const IMPORT = `import { clearOutput, display, html, ProgressBar, replay, updateDisplay } from "rnnlab/display";\n`;

/** The plain texts of all that a cell displays. */
function displayed(cell: Execution): unknown[] {
  return cell.contents("display_data").map(({ data }) => plain(String((data as Dictionary)["text/plain"])));
}

test("replay() shows text, displays, results and errors of the latest cell again, in order", async () => {
  await kernel().execute(`${IMPORT}
    console.log("one"); console.error("two"); display(html("<b>three</b>"));
    console.log("four"); throw new RangeError("five");`);
  const first = await kernel().execute(`${IMPORT}replay();`);
  assert.deepEqual(first.outputs, ["stream", "stream", "display_data", "stream", "error"]);
  assert.deepEqual([first.stdout, first.stderr, first.status], ["one\nfour\n", "two\n", "ok"]);
  assert.deepEqual([first.error?.ename, first.error?.evalue], ["RangeError", "five"]);
  assert.match(first.traceback, /RangeError: five/);
  // What was shown again is not the output of the cell that showed it.
  const second = await kernel().execute(`${IMPORT}replay();`);
  assert.deepEqual([second.stdout, second.outputs.length], ["one\nfour\n", 5]);
});

test("replay({ cell }) takes the number of a cell, and says where nothing is kept", async () => {
  const numbered = await kernel().execute(`console.log("numbered"); 6 * 7`);
  const number = Number(numbered.reply.content.execution_count);
  await kernel().execute(`console.log("later")`);
  const again = await kernel().execute(`${IMPORT}replay({ cell: ${number} });`);
  assert.deepEqual([again.stdout, again.outputs], ["numbered\n", ["stream", "display_data"]]);
  assert.deepEqual(displayed(again), ["42"]);
  const unknown = await kernel().execute(`${IMPORT}replay({ cell: 999 });`);
  assert.equal(unknown.stderr, "Nothing to show again: In[999] has put out nothing that is kept\n");
  const wrong = await kernel().execute(`${IMPORT}replay({ cell: 0 });`);
  assert.equal(wrong.error?.evalue, "Cannot replay: options.cell must be a positive integer, got 0");
});

/** Runs a cell that asks one question; does something while it waits for the answer. */
async function asking(code: string, meanwhile: () => Promise<void>): Promise<Execution> {
  const running = await kernel().submit(`${IMPORT}${code}`, { allow_stdin: true });
  const question = await kernel().waitFor(
    ({ header, parent }) => header.msg_type === "input_request" && parent.msg_id === running,
    "the question",
  );
  await meanwhile();
  await kernel().send("stdin", "input_reply", { status: "ok", value: "yes" }, { parent: question.header });
  const cell = await kernel().finish(running);
  assert.equal(cell.status, "ok", cell.traceback);
  return cell;
}

test("replay({ since }) leaves out what was there before", async () => {
  let moment = Date.now();
  await asking(`display("early"); await input("go on?"); display("late");`, async () => {
    const asked = Date.now();
    while (moment <= asked) {
      await turn();
      moment = Date.now();
    }
  });
  const again = await kernel().execute(`${IMPORT}replay({ since: new Date(${moment}) });`);
  assert.deepEqual(displayed(again), ["late"]);
  const wrong = await kernel().execute(`${IMPORT}replay({ since: new Date("never") });`);
  assert.match(String(wrong.error?.evalue), /options\.since must be a date or a number, got Invalid Date$/);
});

test("a progress bar and an updated display are shown as they were last, and go on", async () => {
  await kernel().execute(`${IMPORT}
    const bar = new ProgressBar(3);
    for (let done = 1; done <= 3; done++) bar.update(done, "step " + done);
    bar.finish("all done");
    display("old", { displayId: "state" });`);
  await kernel().execute(`${IMPORT}updateDisplay("state", "new");`);
  const again = await kernel().execute(`${IMPORT}replay();`);
  assert.deepEqual(displayed(again), ["[========================] all done", "new"]);
  const [, state] = again.contents("display_data");
  assert.equal((state?.transient as Dictionary | undefined)?.display_id, "state");
});

test("what clearOutput() has removed is not shown again", async () => {
  await kernel().execute(`${IMPORT}
    console.log("gone"); clearOutput(); console.log("gone, too"); clearOutput({ wait: true }); console.log("here");`);
  assert.equal((await kernel().execute(`${IMPORT}replay();`)).stdout, "here\n");
});

test("a silent cell shows nothing again, and is not kept", async () => {
  await kernel().execute(`console.log("heard")`);
  await kernel().execute(`console.log("unheard")`, { silent: true });
  const silent = await kernel().execute(`${IMPORT}replay();`, { silent: true });
  assert.deepEqual(silent.outputs, []);
  assert.equal((await kernel().execute(`${IMPORT}replay();`)).stdout, "heard\n");
});

test("%replay shows at once what a running cell has put out, and then what it puts out until its end", async () => {
  let follower = "";
  const cell = await asking(
    `console.log("before"); display("0 %", { displayId: "share" });
    await input("go on?");
    updateDisplay("share", "100 %"); console.log("after"); "result"`,
    async () => {
      follower = await kernel().submit("%replay");
      await kernel().waitFor(
        ({ header, parent }) => header.msg_type === "display_data" && parent.msg_id === follower,
        "the display, shown again",
      );
    },
  );
  const again = await kernel().finish(follower);
  assert.deepEqual([again.status, again.stdout], ["ok", "before\nafter\n"]);
  assert.deepEqual(again.outputs, [
    "stream",
    "display_data",
    "update_display_data",
    "stream",
    "display_data",
  ]);
  assert.deepEqual(displayed(again), ["0 %", "'result'"]);
  // It takes no number.
  assert.equal(again.reply.content.execution_count, cell.reply.content.execution_count);
});

test("%replay takes a number, and refuses anything else", async () => {
  const cell = await kernel().execute(`console.log("third")`);
  await kernel().execute("1");
  assert.equal((await kernel().execute(`%replay ${cell.reply.content.execution_count}`)).stdout, "third\n");
  assert.deepEqual(displayed(await kernel().execute("  %replay\n")), ["1"]);
  const refused = await kernel().execute("%replay all");
  assert.equal(
    refused.stderr,
    "Cannot replay: %replay takes the number of a cell, such as %replay 3, got all\n",
  );
  const reply = await kernel().request("shell", "is_complete_request", { code: "%replay" });
  assert.equal(reply.content.status, "complete");
});

/** Does something with a kernel that keeps that many MiB. */
async function keeping(limit: string, act: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const client = await KernelClient.start({ env: { RNNLAB_REPLAY: limit } });
  try {
    await act(client);
    assert.deepEqual(client.violations, []);
  } finally {
    await client.dispose();
  }
}

test("the oldest output makes room for the newest, and a remark says so", () =>
  keeping("0.2", async (client) => {
    const cell = await client.execute(`
      process.stdout.write("a".repeat(150_000)); console.error("b".repeat(150_000))`);
    assert.equal(cell.stdout.length, 150_000, cell.traceback);
    const again = await client.execute("%replay");
    assert.equal(again.stdout, "");
    const remark = "The oldest output of In[1] is no longer kept\n";
    assert.deepEqual(
      [again.stderr.slice(0, remark.length), again.stderr.length],
      [remark, remark.length + 150_001],
    );
    await client.execute(`console.log("short")`);
    assert.equal((await client.execute("%replay")).stdout, "short\n");
  }));

test("with RNNLAB_REPLAY=0 nothing is kept", () =>
  keeping("0", async (client) => {
    await client.execute(`console.log("heard")`);
    const again = await client.execute("%replay 1");
    assert.deepEqual([again.stdout, again.stderr], ["", "The oldest output of In[1] is no longer kept\n"]);
  }));
