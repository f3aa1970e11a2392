import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { JupyterHome } from "../../tools/kernel-client/index.js";
import { type Interface, pythonWith, succeed } from "./environment.js";
import { writeNotebook } from "./sums.js";

const PACKAGES = [
  "nbclient==0.11.0",
  "nbconvert==7.17.2",
  "jupyter_console==6.6.3",
  "jupyter_client==8.10.0",
];

const NOTEBOOK = [
  "const total: number = [1, 2, 3].reduce((a, b) => a + b);\nconsole.log(total);",
  'const total: string = await Promise.resolve("six");\ntotal',
];

/** nbclient as a library: what a program of one's own does. */
const NBCLIENT = `
import json, sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120).execute()
print(json.dumps([[dict(output) for output in cell.outputs] for cell in notebook.cells]))
`;

interface Output {
  readonly output_type: string;
  readonly text?: string | readonly string[];
  readonly data?: { readonly "text/plain": string | readonly string[] };
}

function isExecuted(outputs: readonly (readonly Output[])[]): void {
  const printed = outputs
    .flat()
    .map(({ text, data }) => [text ?? data?.["text/plain"] ?? ""].flat().join(""));
  assert.deepEqual(printed, ["6\n", "'six'"]);
}

const cellsOf = (path: string): Output[][] =>
  JSON.parse(readFileSync(path, "utf8")).cells.map(({ outputs }: { outputs: Output[] }) => outputs);

/** A client with a folder of its own. */
function client(
  name: string,
  drive: (bin: string, folder: string, home: JupyterHome) => Promise<void>,
): Interface {
  return {
    name,
    async drive(home) {
      const folder = join(home.directory, name.replaceAll(" ", "-"));
      mkdirSync(folder);
      await drive(await pythonWith(...PACKAGES), folder, home);
    },
  };
}

/** The clients that run a notebook, a script, or what is typed. */
export const clients: readonly Interface[] = [
  client("nbclient", async (bin, cwd, { env }) => {
    const path = writeNotebook(cwd, "sums.ipynb", NOTEBOOK);
    const { stdout } = await succeed(join(bin, "python"), ["-c", NBCLIENT, path], { cwd, env });
    isExecuted(JSON.parse(stdout));
  }),
  client("jupyter execute", async (bin, cwd, { env }) => {
    const path = writeNotebook(cwd, "sums.ipynb", NOTEBOOK);
    await succeed(join(bin, "jupyter"), ["execute", "--inplace", path], { cwd, env });
    isExecuted(cellsOf(path));
  }),
  client("nbconvert", async (bin, cwd, { env }) => {
    const path = writeNotebook(cwd, "sums.ipynb", NOTEBOOK);
    const convert = (...args: string[]) =>
      succeed(join(bin, "jupyter"), ["nbconvert", ...args, path], { cwd, env });
    await convert("--to", "notebook", "--execute", "--output", "executed");
    isExecuted(cellsOf(join(cwd, "executed.ipynb")));
    await convert("--to", "html", "--execute");
    assert.match(readFileSync(join(cwd, "sums.html"), "utf8"), /six/);
    await convert("--to", "script");
    assert.match(readFileSync(join(cwd, "sums.ts"), "utf8"), /const total: number/);
  }),
  client("jupyter run", async (bin, cwd, { env }) => {
    const path = join(cwd, "script.ts");
    writeFileSync(path, 'const words: string[] = ["from", "a", "script"];\nconsole.log(words.join(" "));\n');
    const { stdout } = await succeed(join(bin, "jupyter"), ["run", "--kernel", "rnnlab", path], { cwd, env });
    assert.match(stdout, /^from a script$/m);
  }),
  client("jupyter console", async (bin, cwd, { env }) => {
    const typed = [
      "const n: number = 20;",
      "const n: number = 21;",
      "2 * n",
      "const wrong: string = n;",
      "exit",
    ];
    const script = typed.map((line) => `${line}\n`).join("");
    writeFileSync(join(cwd, "typed.txt"), script);
    const command = `"$1" console --kernel rnnlab --simple-prompt < typed.txt`;
    const shell = ["-c", command, "sh", join(bin, "jupyter")];
    const { stdout, stderr } = await succeed("sh", shell, { cwd, env });
    const shown = stripVTControlCharacters(stdout + stderr);
    assert.match(shown, /Out\[3\]: 42/);
    assert.match(shown, /Type 'number' is not assignable to type 'string'/);
  }),
];
