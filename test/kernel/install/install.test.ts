import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Destination,
  installKernels,
  kernelFolder,
  uninstallKernels,
} from "../../../kernel/install/index.js";
import type { InstalledKernel } from "../../../kernel/install/install.js";
import { userData } from "../../../kernel/install/locations.js";
import { temporaryFolder } from "../../setup/temporary.js";

/** Installs and gives the kernelspec of TypeScript. */
function install(destination: Destination, name?: string): InstalledKernel {
  const [typescript] = installKernels(destination, { name });
  assert.ok(typescript);
  return typescript;
}

test("installKernels() writes a kernelspec that starts this Node with this package", (context) => {
  const prefix = temporaryFolder(context);
  const { folder } = install({ prefix });
  assert.equal(folder, join(prefix, "share/jupyter/kernels/rnnlab"));
  const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  const [node, memory, cli, ...rest] = spec.argv;
  assert.deepEqual([node, memory], [process.execPath, "--max-semi-space-size=2"]);
  assert.match(cli, /\/dist\/cli\/main\.js$/);
  assert.equal(existsSync(cli), true);
  assert.deepEqual(rest, ["kernel", "{connection_file}"]);
  assert.equal(spec.display_name, "TypeScript (rnnlab)");
  assert.equal(spec.language, "typescript");
  assert.equal(spec.interrupt_mode, "message");
});

test("installKernels() writes a second kernelspec, of the same program with one option, for JavaScript", (context) => {
  const prefix = temporaryFolder(context);
  const [typescript, javascript] = installKernels({ prefix });
  assert.ok(typescript && javascript);
  assert.equal(javascript.folder, join(prefix, "share/jupyter/kernels/rnnlab-javascript"));
  assert.equal(javascript.displayName, "JavaScript (rnnlab)");
  const read = (folder: string) => JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  const spec = read(javascript.folder);
  assert.equal(spec.language, "javascript");
  assert.deepEqual(
    spec.argv.filter((_word: string, index: number) => index !== 4),
    read(typescript.folder).argv,
  );
  assert.equal(spec.argv[4], "--javascript");
  for (const logo of ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]) {
    assert.notDeepEqual(
      readFileSync(join(javascript.folder, logo)),
      readFileSync(join(typescript.folder, logo)),
    );
  }
});

test("installKernels() brings logos of 32 and 64 pixels and a drawing", (context) => {
  const { folder } = install({ prefix: temporaryFolder(context) });
  for (const size of [32, 64]) {
    const png = readFileSync(join(folder, `logo-${size}x${size}.png`));
    // The header of a PNG: signature, then the IHDR chunk with width and height.
    assert.equal(png.readUInt32BE(16), size);
    assert.equal(png.readUInt32BE(20), size);
  }
  assert.match(readFileSync(join(folder, "logo-svg.svg"), "utf8"), /^<svg /);
});

test("installKernels() writes nothing when the kernelspec is in place, and repairs one that is not", (context) => {
  const prefix = temporaryFolder(context);
  const { folder } = install({ prefix });
  const before = statSync(folder).ino;
  install({ prefix });
  assert.equal(statSync(folder).ino, before);
  for (const broken of ["{}", "null", "[]"]) {
    writeFileSync(join(folder, "kernel.json"), broken);
    install({ prefix });
  }
  assert.equal(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")).language, "typescript");
  assert.deepEqual(readdirSync(join(folder, "..")), ["rnnlab", "rnnlab-javascript"]);
});

test("installKernels() under another name gets another display name, which VS Code needs", (context) => {
  assert.equal(install({ prefix: temporaryFolder(context) }, "mine").displayName, "TypeScript (mine)");
});

test("installKernels() says where it cannot write and leaves nothing", (context) => {
  const prefix = temporaryFolder(context);
  mkdirSync(join(prefix, "share"));
  writeFileSync(join(prefix, "share", "jupyter"), "a file");
  assert.throws(() => install({ prefix }), /^Error: Cannot install the kernel: .*cannot be written/);
  assert.deepEqual(readdirSync(join(prefix, "share")), ["jupyter"]);
});

test("uninstallKernels() removes the kernelspecs and says when there were none", (context) => {
  const prefix = temporaryFolder(context);
  const folders = installKernels({ prefix }).map(({ folder }) => folder);
  assert.deepEqual(uninstallKernels({ prefix }), folders);
  assert.deepEqual(folders.filter(existsSync), []);
  assert.deepEqual(uninstallKernels({ prefix }), []);
});

test("kernelFolder() knows the user's folder on each platform and the active environment's", () => {
  assert.equal(userData({ HOME: "/home/u" }, "linux"), "/home/u/.local/share/jupyter");
  assert.equal(userData({ HOME: "/home/u", XDG_DATA_HOME: "/x" }, "linux"), "/x/jupyter");
  assert.equal(userData({ HOME: "/Users/u" }, "darwin"), "/Users/u/Library/Jupyter");
  assert.match(userData({ APPDATA: "/AppData" }, "win32"), /AppData.jupyter$/);
  assert.equal(userData({ HOME: "/home/u", JUPYTER_DATA_DIR: "/j" }, "linux"), "/j");
  assert.equal(
    kernelFolder({ sysPrefix: true }, "k", { VIRTUAL_ENV: "/venv" }),
    "/venv/share/jupyter/kernels/k",
  );
  assert.equal(
    kernelFolder({ sysPrefix: true }, "k", { CONDA_PREFIX: "/conda" }),
    "/conda/share/jupyter/kernels/k",
  );
});

test("kernelFolder() refuses a name that Jupyter does not accept", () => {
  assert.throws(
    () => kernelFolder({ user: true }, "../evil"),
    /RangeError: Cannot name the kernel: .*got "\.\.\/evil"/,
  );
});

test("installKernels() leaves another program's kernel of that name alone, unless it may replace it", (context) => {
  const prefix = temporaryFolder(context);
  const folder = join(prefix, "share/jupyter/kernels/rnnlab-javascript");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "kernel.json");
  const contents = [
    JSON.stringify({
      argv: ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      language: "python",
    }),
    JSON.stringify({
      argv: ["deno", "jupyter", "--kernel", "--conn", "{connection_file}"],
      language: "typescript",
    }),
    JSON.stringify({
      argv: ["node", "/other/cli.js", "kernel", "{connection_file}"],
      language: "typescript",
    }),
    "{ half",
  ];
  const refused = /must be rnnlab's own, got another program's; choose another name .*--replace$/;
  for (const content of contents) {
    writeFileSync(file, content);
    assert.throws(() => installKernels({ prefix }), refused);
    assert.throws(() => uninstallKernels({ prefix }), /must be rnnlab's own/);
    assert.equal(readFileSync(file, "utf8"), content);
    assert.equal(existsSync(join(prefix, "share/jupyter/kernels/rnnlab")), false);
  }
  rmSync(file);
  writeFileSync(join(folder, "notes.txt"), "theirs");
  assert.throws(() => installKernels({ prefix }), refused);
  installKernels({ prefix }, { replace: true });
  assert.equal(JSON.parse(readFileSync(file, "utf8")).language, "javascript");
});

test("installKernels() replaces the kernelspecs of another copy of rnnlab", (context) => {
  const prefix = temporaryFolder(context);
  const [typescript] = installKernels({ prefix });
  assert.ok(typescript);
  const file = join(typescript.folder, "kernel.json");
  const current = readFileSync(file, "utf8");
  for (const command of [
    "/gone/rnnlab/dist/cli/main.js",
    "C:\\lab\\rnnlab\\dist\\cli\\main.js",
    "/usr/bin/rnnlab",
  ]) {
    const argv = ["/old/node", command, "kernel", "{connection_file}"];
    writeFileSync(file, JSON.stringify({ argv, language: "typescript" }));
    installKernels({ prefix });
    assert.equal(readFileSync(file, "utf8"), current);
  }
});
