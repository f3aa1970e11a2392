import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { executeNotebook } from "../../scripts/notebooks/execute.js";
import { venvPython } from "../../setup/paths.js";
import { prepareTensorFlow } from "../../setup/tensorflow.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";

// What a user of the package writes: it must compile under every resolution that TypeScript has.
const PROGRAM = `
import { MinMaxScaler } from "rnnlab/preprocessing";
import { loadElectricity, type Electricity } from "rnnlab/datasets";
import * as rnnlab from "rnnlab";
const scaler: MinMaxScaler = new MinMaxScaler();
const load: (options: { source: "sample" }) => Promise<Electricity> = loadElectricity;
// @ts-expect-error: the types are really there
const wrong: string = scaler;
export { load, rnnlab, scaler, wrong };
`;

describe("the packed tarball, installed into an empty folder", () => {
  let folder: string;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-packed-")));
    const npm = (args: string[], cwd: string) =>
      execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    npm(["pack", "--silent", "--pack-destination", folder], packageRoot);
    const [tarball = ""] = readdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    npm(["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", `./${tarball}`], folder);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  test("holds what it needs and nothing of the project's own checks and tests", () => {
    const packed = (path: string) => existsSync(join(folder, "node_modules/rnnlab", path));
    for (const path of [
      "dist/cli/main.js",
      "dist/src/index.d.ts",
      "dist/setup/set-up.js",
      "kernel/resources/logo-svg.svg",
      "kernel/resources/javascript/logo-svg.svg",
      "src/native/binding.gyp",
      "setup/requirements.txt",
      "LICENSE",
      "README.md",
    ])
      assert.equal(packed(path), true, path);
    for (const path of ["dist/test", "dist/scripts", "dist/examples", "test", "src/index.ts", "notebooks"])
      assert.equal(packed(path), false, path);
  });

  test("brings one TensorFlow", () => {
    const found = execFileSync("find", [".", "-path", "*@tensorflow/tfjs-node/package.json"], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(found.trim(), "./node_modules/@tensorflow/tfjs-node/package.json");
  });

  test("is found by require() and by import", () => {
    const cjs = `const { MinMaxScaler } = require("rnnlab/preprocessing"); console.log(typeof MinMaxScaler)`;
    const esm = `import { MinMaxScaler } from "rnnlab/preprocessing"; console.log(typeof MinMaxScaler)`;
    for (const [type, code] of [
      ["commonjs", cjs],
      ["module", esm],
    ] as const) {
      const options = { cwd: folder, encoding: "utf8" } as const;
      assert.equal(
        execFileSync(process.execPath, [`--input-type=${type}`, "-e", code], options),
        "function\n",
        type,
      );
    }
  });

  const resolutions = [
    ["6 with Node16", "typescript", ["--module", "Node16"]],
    ["6 with Bundler", "typescript", ["--module", "ESNext", "--moduleResolution", "Bundler"]],
    ["5.0 with node10", "typescript-5-0", ["--module", "CommonJS", "--moduleResolution", "node"]],
    ["5.0 with Node16", "typescript-5-0", ["--module", "Node16"]],
  ] as const;
  for (const [name, compiler, args] of resolutions) {
    test(`has types for strict TypeScript ${name}`, () => {
      writeFileSync(join(folder, "program.ts"), PROGRAM);
      const tsc = join(packageRoot, "node_modules", compiler, "bin/tsc");
      const strict =
        "--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck --target ES2022".split(
          " ",
        );
      const { status, stdout } = spawnSync(
        process.execPath,
        [tsc, ...strict, ...args, "--types", "node", "program.ts"],
        { cwd: folder, encoding: "utf8" },
      );
      assert.equal(stdout, "");
      assert.equal(status, 0);
    });
  }

  test("computes with its own TensorFlow after a set-up, and runs a notebook of that folder through its kernel", async () => {
    const installed = join(folder, "node_modules/rnnlab");
    await prepareTensorFlow({
      from: join(installed, "package.json"),
      entry: join(installed, "dist/src/tensorflow.js"),
      cache: cacheDirectory(),
      python: venvPython(),
      env: process.env,
      note: () => {},
    });
    const setup: typeof import("../../setup/native-ops.js") = require(
      join(installed, "dist/setup/native-ops.js"),
    );
    const built = await setup.prepareNativeOps({
      entry: join(installed, "dist/src/tensorflow.js"),
      cache: cacheDirectory(),
      python: venvPython(),
      env: process.env,
      note: () => {},
    });
    const offered = execFileSync(
      process.execPath,
      ["-p", 'require("rnnlab/recurrent-ops").nativeOps().available'],
      { cwd: folder, encoding: "utf8" },
    );
    assert.equal(offered, `${!built.startsWith("not built")}\n`);
    const rnnlab = (...args: string[]) =>
      execFileSync(join(folder, "node_modules/.bin/rnnlab"), args, { cwd: folder, encoding: "utf8" });
    assert.match(rnnlab("--version"), /^\d+\.\d+\.\d+\n$/);
    rnnlab("install", "--prefix", folder);
    const spec = JSON.parse(readFileSync(join(folder, "share/jupyter/kernels/rnnlab/kernel.json"), "utf8"));
    assert.equal(spec.argv[2], join(installed, "dist/cli/main.js"));

    const path = join(folder, "notebook.ipynb");
    writeFileSync(path, JSON.stringify(notebook(CELL)));
    const out = join(folder, "out");
    mkdirSync(out);
    const env = { ...process.env, JUPYTER_PATH: join(folder, "share/jupyter") };
    const options = {
      python: venvPython(),
      out,
      size: "quick",
      env,
      write: () => {},
      kernel: "rnnlab",
    } as const;
    const { error } = await executeNotebook(path, options);
    assert.equal(error, null);
    const executed = JSON.parse(readFileSync(join(out, "notebook.ipynb"), "utf8"));
    assert.equal(
      executed.cells[0].outputs[0].text.join(""),
      `8 12 3 ${join(installed, "dist/src/table/index.js")}\n`,
    );
  });
});

// TensorFlow, danfojs, which loads TensorFlow by itself, and h5wasm, which is an ES module.
const CELL = `import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
import { DataFrame } from "danfojs-node";
await saveModel(tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }), "dense.keras");
console.log((await loadModel("dense.keras")).model.countParams(), tf.sum(tf.mul(tf.tensor1d([1, 2, 3]), 2)).dataSync()[0], new DataFrame([[1], [2], [3]]).shape[0], require.resolve("rnnlab/table"));`;

function notebook(source: string): object {
  const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
  return { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
}
