import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Message,
  processorTime,
  processTree,
  SLOW_TO_CHECK,
  until,
  useKernel,
} from "../../tools/kernel-client/index.js";

/** Seconds of a processor that a compiler takes only for a cell, not to start. */
const AT_WORK = 2;

const kernel = useKernel();

/** The compilers that a kernel has now: all of its processes but the one that runs cells. */
function compilers(session: number): number[] {
  const { pid } = kernel().process;
  return processTree(pid).filter((each) => each !== pid && each !== session);
}

/** Kills the compiler that is at work, and waits for the one that takes its place. */
async function killCompiler(session: number): Promise<void> {
  const [killed] = compilers(session);
  process.kill(killed!, "SIGKILL");
  await until(
    () => compilers(session).some((pid) => pid !== killed),
    5000,
    () => `compiler ${killed} was not replaced`,
  );
}

/** Waits until the compiler is at a cell: to start takes it far less. */
async function atWork(session: number): Promise<void> {
  const [compiler] = compilers(session);
  await until(
    () => processorTime(compiler!) > AT_WORK,
    60_000,
    () => `compiler ${compiler} had not worked for ${AT_WORK} s`,
  );
}

/** Waits until a cell has begun. */
function executeInput(id: string): Promise<Message> {
  const begins = (message: Message): boolean =>
    message.header.msg_type === "execute_input" && message.parent.msg_id === id;
  return kernel().waitFor(begins, "execute_input");
}

test("a cell whose compiler was killed is compiled by the next one", async () => {
  const first = await kernel().execute(
    "interface Early { n: number }\nconst early: Early = { n: 1 };\nprocess.pid",
  );
  const session = Number(first.result);
  for (let i = 0; i < 3; i++) {
    // It does not get to the cell.
    process.kill(compilers(session)[0]!, "SIGSTOP");
    const id = await kernel().submit(`const next: Early = { n: early.n + ${i} };\nnext.n`);
    await executeInput(id);
    await killCompiler(session);
    const cell = await kernel().finish(id);
    assert.equal(cell.result, String(1 + i), cell.traceback);
  }
  assert.doesNotMatch(kernel().process.log, /snapshot/);
});

test("a compiler that is killed by the cell it has just compiled leaves nothing of that cell unknown", async () => {
  const session = Number((await kernel().execute("process.pid")).result);
  // Its declarations take a while, in which the cell runs already.
  const properties = Array.from({ length: 3000 }, (_, i) => `p${i}: [${i}, "${i}"]`).join(", ");
  for (const name of ["wide", "wider"]) {
    const [compiler] = compilers(session);
    const code = `process.kill(${compiler}, "SIGKILL");\nconst ${name} = { ${properties} };`;
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    const refused = await kernel().execute(`const wrong: boolean = ${name}.p7`);
    assert.match(
      String(refused.error?.evalue),
      /Type '\(string \| number\)\[\]' is not assignable to type 'boolean'/,
    );
  }
  const both = await kernel().execute("wide.p2999.length + wider.p0.length");
  assert.equal(both.result, "4", both.traceback);
});

test("completion, inspection and the module that a cell loads survive the compiler's death", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-compiler-death-"));
  try {
    const module = join(folder, "late.ts");
    writeFileSync(module, "export const late: number = 7;");
    const session = Number((await kernel().execute("const known = 1;\nprocess.pid")).result);
    // Asked at the same moment, so that all of it is still open when the compiler dies.
    process.kill(compilers(session)[0]!, "SIGSTOP");
    const completed = await kernel().send("shell", "complete_request", { code: "know", cursor_pos: 4 });
    const inspected = await kernel().send("shell", "inspect_request", { code: "known", cursor_pos: 3 });
    await kernel().request("control", "kernel_info_request");
    await killCompiler(session);
    assert.deepEqual((await kernel().replyTo(completed)).content.matches, ["known"]);
    assert.equal((await kernel().replyTo(inspected)).content.found, true);
    const id = await kernel().submit(
      `console.log("waits"); await input("?"); const { late } = require(${JSON.stringify(module)}); late`,
      { allow_stdin: true },
    );
    const asked = await kernel().waitFor(
      ({ header }) => header.msg_type === "input_request",
      "input_request",
    );
    process.kill(compilers(session)[0]!, "SIGKILL");
    await kernel().send("stdin", "input_reply", { value: "" }, { parent: asked.header });
    assert.equal((await kernel().finish(id)).result, "7");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a cell over which two compilers die fails with an error; what others declared is kept and what was asked meanwhile answered", async () => {
  await kernel().execute("interface Kept { n: number }\nconst kept: Kept = { n: 1 };");
  const session = Number((await kernel().execute("process.pid")).result);
  const id = await kernel().submit(SLOW_TO_CHECK);
  await executeInput(id);
  const asked = await kernel().send("shell", "complete_request", { code: "kep", cursor_pos: 3 });
  for (let i = 0; i < 2; i++) {
    await atWork(session);
    await killCompiler(session);
  }
  const cell = await kernel().finish(id);
  assert.equal(cell.error?.ename, "CompilerError");
  assert.match(cell.traceback, /the compiler has ended 2 times over this .*SIGKILL/);
  assert.deepEqual((await kernel().replyTo(asked)).content.matches, ["kept"]);
  assert.equal((await kernel().execute("kept.n + ({ n: 1 } satisfies Kept).n")).result, "2");
  assert.match((await kernel().execute("kept.m")).traceback, /TS2339/);
});

test("an interrupt ends a cell while it is compiled, and the next one runs", async () => {
  await kernel().execute("const kept = 2;");
  const id = await kernel().submit(SLOW_TO_CHECK);
  await kernel().request("control", "interrupt_request");
  const cell = await kernel().finish(id);
  assert.equal(cell.error?.ename, "KeyboardInterrupt");
  assert.equal((await kernel().execute("kept + 1")).result, "3");
});

test("what a cell declares is known to completion while it runs, and no longer once its session has ended", async () => {
  const id = await kernel().submit('const transient = 1;\nconsole.log("started");\nawait input("?");', {
    allow_stdin: true,
  });
  await kernel().streamed(id, "started");
  const complete = async (): Promise<unknown> =>
    (await kernel().request("shell", "complete_request", { code: "transi", cursor_pos: 6 })).content.matches;
  assert.deepEqual(await complete(), ["transient"]);
  await kernel().request("control", "interrupt_request");
  await kernel().finish(id);
  assert.equal((await kernel().execute("const dying = transient;\nprocess.exit()")).status, "error");
  assert.match((await kernel().execute("dying")).traceback, /Cannot find name/);
  assert.deepEqual(await complete(), []);
});
