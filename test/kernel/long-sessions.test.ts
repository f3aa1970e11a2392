import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { processTree, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const digit = Array.from({ length: 10 }, (_, i) => i).join(" | ");
/** A cell with a type of 5,000 members that no other cell has: a checker takes more than a megabyte for it. */
const large = (index: number): string =>
  `let large: \`${index}-\${${digit}}\${${digit}}\${${digit}}\${0 | 1 | 2 | 3 | 4}\` = "${index}-1234";`;

/** Resident memory of the kernel's compiler, in MB. */
function compilerMemory(): number {
  const { pid } = kernel().process;
  const rows = processTree(pid).map((each) =>
    spawnSync("ps", ["-o", "rss=,args=", "-p", String(each)], { encoding: "utf8" }).stdout.trim(),
  );
  const row = rows.find((each) => each.includes("compiler"));
  assert.ok(row, rows.join("\n"));
  return Number.parseInt(row, 10) / 1024;
}

/** Runs cells one after the other, and tells what the compiler takes then. */
async function memoryAfter(from: number, to: number): Promise<number> {
  const ids: string[] = [];
  for (let index = from; index < to; index++) ids.push(await kernel().submit(large(index)));
  for (const id of ids) {
    const cell = await kernel().finish(id);
    assert.equal(cell.status, "ok", cell.traceback);
  }
  return compilerMemory();
}

test("the compiler forgets the types of earlier cells: many cells take no more memory than a hundred", async () => {
  const before = await memoryAfter(0, 100);
  const after = await memoryAfter(100, 400);
  assert.ok(after - before < 250, `the compiler grew from ${before} to ${after} MB`);
});
