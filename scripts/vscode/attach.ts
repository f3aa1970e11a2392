import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { KernelClient } from "../../tools/kernel-client/index.js";
import type { Workbench } from "./workbench.js";

const MODULE = `export interface Summary {
  mean: number;
  most: number;
}

export function summary(values: readonly number[]): Summary {
  const sum = values.reduce((total, value) => total + value, 0);
  const most = Math.max(...values);
  return { mean: sum / values.length, most };
}
`;

const OPEN = 'import inspector from "node:inspector";\ninspector.open(0, "127.0.0.1");\ninspector.url();';

/** Writes a folder with a module of TypeScript. */
export function writeModule(folder: string): void {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  writeFileSync(join(folder, "stats.ts"), MODULE);
}

/** What the page on debugging tells people to write, with the port that a cell has opened. */
function writeLaunch(folder: string, port: number): void {
  const page = readFileSync(join(packageRoot, "docs/debugging.md"), "utf8");
  const [, launch] = /```json\n(.*?)```/s.exec(page) ?? [];
  assert.ok(launch, "docs/debugging.md shows a launch.json");
  writeFileSync(join(folder, ".vscode/launch.json"), launch.replace("9229", String(port)));
}

/** Attaches VS Code to the inspector that a cell has opened. */
export async function attach(workbench: Workbench, folder: string): Promise<void> {
  const kernel = await KernelClient.start({ cwd: folder });
  try {
    const { result = "", traceback } = await kernel.execute(OPEN);
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(result)?.[1]);
    assert.ok(port, traceback);
    writeLaunch(folder, port);
    await kernel.execute('import { summary } from "./stats";');
    const { debugging } = workbench;
    await workbench.openFile("stats.ts");
    await debugging.breakpoint("const most");
    await debugging.start();
    const inModule = await kernel.submit("const found = summary([1, 2, 6]);\nfound.mean");
    await debugging.stopped("stats.ts", 8, "summary");
    await debugging.variable("sum", "9");
    console.log("  Attach stops at a breakpoint in a module of TypeScript");
    await debugging.goOn();
    assert.equal((await kernel.finish(inModule)).result, "3");
    console.log("  and goes on");
    const inCell = await kernel.submit(
      "interface Size { width: number }\nfunction area({ width }: Size): number {\n  debugger;\n  return width ** 2;\n}\narea({ width: 3 })",
    );
    await debugging.stopped("Cell In[4].ts", 3, "area");
    await debugging.variable("width", "3");
    console.log("  it stops at debugger; in a cell, whose TypeScript it shows");
    await debugging.goOn();
    assert.equal((await kernel.finish(inCell)).result, "9");
  } finally {
    await kernel.dispose();
  }
}
