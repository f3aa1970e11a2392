import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Execution, KernelClient, notebookFolder } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-strictness-settings-");
const kernels: KernelClient[] = [];
after(() => Promise.all(kernels.map((kernel) => kernel.dispose())));

/** Starts a kernel in a folder with these compiler options, if any. */
async function kernelWith(name: string, options?: object, strict?: string): Promise<KernelClient> {
  folder.write(`${name}/data.txt`, "");
  if (options !== undefined)
    folder.write(`${name}/tsconfig.json`, JSON.stringify({ compilerOptions: options }));
  const kernel = await KernelClient.start({ cwd: `${folder.path}/${name}`, env: { RNNLAB_STRICT: strict } });
  kernels.push(kernel);
  return kernel;
}

const IMPLICIT_ANY = "const same = (a) => a;\nsame(1)";
const POSSIBLY_NULL = "/b/.exec('abc').index";

/** Whether a cell is stopped, runs with a note below it, or runs without. */
function fate(cell: Execution): "stopped" | "noted" | "silent" {
  if (cell.status === "error") return "stopped";
  return cell.outputs.includes("display_data") ? "noted" : "silent";
}

for (const [what, options, variable, anyFate, nullFate] of [
  ["nothing said", undefined, undefined, "noted", "noted"],
  ["a tsconfig that does not say it", { target: "es2022" }, undefined, "noted", "noted"],
  ["strict in the tsconfig", { strict: true }, undefined, "stopped", "stopped"],
  ["strict: false in the tsconfig", { strict: false }, undefined, "silent", "silent"],
  ["one strict option in the tsconfig", { noImplicitAny: true }, undefined, "stopped", "noted"],
  ["strict but for one option", { strict: true, noImplicitAny: false }, undefined, "silent", "stopped"],
  ["RNNLAB_STRICT=1", undefined, "1", "stopped", "stopped"],
  ["RNNLAB_STRICT=1 over the tsconfig", { strict: false }, "1", "stopped", "stopped"],
  ["an empty RNNLAB_STRICT", undefined, "", "noted", "noted"],
  ["RNNLAB_STRICT=false over one option", { noImplicitAny: true }, "false", "noted", "noted"],
  ["RNNLAB_STRICT=0 over the tsconfig", { strict: true }, "0", "noted", "noted"],
] as const) {
  test(`with ${what} an implicit any is ${anyFate}, and a null ${nullFate}`, async () => {
    const kernel = await kernelWith(what.replace(/\W+/g, "-"), options, variable);
    assert.equal(fate(await kernel.execute(IMPLICIT_ANY)), anyFate);
    assert.equal(fate(await kernel.execute(POSSIBLY_NULL)), nullFate);
    assert.equal(fate(await kernel.execute('const n: number = "text";')), "stopped");
    assert.equal(fate(await kernel.execute(`// @rnnlab strict\n${POSSIBLY_NULL}`)), "stopped");
  });
}
