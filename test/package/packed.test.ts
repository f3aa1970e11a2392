import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { diskUse } from "../../setup/disk-use.js";
import { venvPython } from "../../setup/paths.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { networkEnvironment } from "../../tools/certificates.js";
import { printedBy } from "../kernel/install/one-cell.js";

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

const isSnapshot = (name: string) => /^(?:compiler|tensors)-/.test(name);

/** All files in a folder, of those of its entries that count. */
function filesOf(folder: string, isCounted: (name: string) => boolean): string[] {
  const names = readdirSync(folder).filter(isCounted);
  return names.flatMap((name) => {
    const path = join(folder, name);
    return lstatSync(path).isDirectory() ? filesOf(path, () => true) : [path];
  });
}

const INSTALL = ["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"];

describe("the packed tarball, installed into an empty folder", () => {
  let folder: string;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-packed-")));
    const npm = (args: string[], cwd: string) =>
      execFileSync("npm", args, { cwd, env: networkEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    npm(["pack", "--silent", "--pack-destination", folder], packageRoot);
    const [tarball = ""] = readdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    npm([...INSTALL, `./${tarball}`], folder);
    // What this user has of TensorFlow need not be downloaded and compiled again. Snapshots are this package's own.
    const cache = join(folder, "cache/rnnlab");
    mkdirSync(cache, { recursive: true });
    for (const name of readdirSync(cacheDirectory()).filter((each) => !isSnapshot(each)))
      symlinkSync(join(cacheDirectory(), name), join(cache, name));
  });

  const run = (code: string) =>
    execFileSync(process.execPath, ["-e", code], { cwd: folder, encoding: "utf8" });
  const environment = () => ({
    ...process.env,
    JUPYTER_DATA_DIR: join(folder, "jupyter"),
    XDG_CACHE_HOME: join(folder, "cache"),
  });
  const rnnlab = (...args: string[]) => {
    const command = join(folder, "node_modules/.bin/rnnlab");
    const options = { cwd: folder, encoding: "utf8", env: environment() } as const;
    const { status, stdout, stderr } = spawnSync(command, args, options);
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };
  /** Where there are packages of a name. */
  const packagesNamed = (name: string) =>
    execFileSync("find", [".", "-path", `*/node_modules/${name}/package.json`], {
      cwd: folder,
      encoding: "utf8",
    })
      .split("\n")
      .filter(Boolean)
      .map((path) => path.replace("/package.json", ""));

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

  test("brings neither TensorFlow nor danfojs nor what only they need", () => {
    for (const name of ["@tensorflow/tfjs-node", "h5wasm", "danfojs-node", "mathjs", "request", "xlsx"])
      assert.deepEqual(packagesNamed(name), []);
  });

  test("has ZeroMQ once for each platform that has its build", () => {
    const builds = join(folder, "node_modules/rnnlab/dist/node_modules/zeromq/build");
    const platforms = execFileSync("find", [builds, "-name", "addon.node"], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((path) => path.slice(builds.length + 1).replace(/-\d+-Release\/addon\.node$/, ""));
    assert.deepEqual(platforms.sort(), [
      "darwin/arm64/node/libc",
      "darwin/x64/node/libc",
      "linux/arm64/node/glibc",
      "linux/arm64/node/musl",
      "linux/x64/node/glibc",
      "linux/x64/node/musl",
      "win32/arm64/node/msvc",
      "win32/x64/node/msvc",
    ]);
  });

  test("shows and describes tables without danfojs, and says that a data frame needs it", () => {
    const code = `const { dataFrame, describe, table } = require("rnnlab/table");
      const { richDisplay } = require("rnnlab/display");
      const data = { amount: [1, 2, 6] };
      console.log(describe(data).columns[0].mean, "text/html" in table(data)[richDisplay]());
      try { dataFrame(data); } catch (error) { console.log(error.message); }`;
    assert.match(
      run(code),
      /^3 true\nCannot make data frame: danfojs-node is not installed; .*docs\/guide\/tables\.md says how/,
    );
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

  test("is a kernel by itself, without Python and without TensorFlow's packages", () => {
    const said = rnnlab("setup", "--kernel-only");
    const sizes =
      /^Compiler .*\nOn disk +(\d+) MB of packages, (\d+) MB of snapshot .*\n.*npx rnnlab install\n$/;
    assert.match(said, sizes);
    // npm's own list is beside them.
    const packages = diskUse(join(folder, "node_modules"), (name) => !name.startsWith("."));
    assert.ok(Math.abs(packages / 1e6 - Number(sizes.exec(said)?.[1])) < 2, `${packages} bytes: ${said}`);
    const parts = filesOf(join(folder, "node_modules"), () => true);
    const snapshots = filesOf(join(folder, "cache/rnnlab"), isSnapshot);
    const bytes = [...parts, ...snapshots].reduce((sum, file) => sum + lstatSync(file).size, 0);
    assert.ok(bytes < 100e6, `${bytes} bytes in files: ${said}`);
    rnnlab("install");
    assert.match(rnnlab("doctor"), /^optional +tfjs-node +not installed: cells run/m);
    const script = join(folder, "script.ts");
    writeFileSync(script, 'const words: string[] = ["kernel", "only"];\nconsole.log(words.join(" "));');
    // It gives a cell ten seconds, which a loaded machine needs for starting a process.
    const patient = "from jupyter_client import runapp; runapp.OUTPUT_TIMEOUT = 300; runapp.main()";
    const args = ["-c", patient, "--kernel", "rnnlab", script];
    const options = { cwd: folder, encoding: "utf8", env: environment() } as const;
    assert.equal(execFileSync(venvPython(), args, options), "kernel only\n");
  });

  test("makes no snapshot for a user who has that of all users", () => {
    const note = join(folder, "node_modules/rnnlab/.rnnlab-shared-cache");
    writeFileSync(note, `${join(folder, "cache/rnnlab")}\n`);
    try {
      const home = join(folder, "home");
      const env = { ...environment(), XDG_CACHE_HOME: home };
      const command = join(folder, "node_modules/.bin/rnnlab");
      const said = execFileSync(command, ["install"], { cwd: folder, encoding: "utf8", env });
      assert.match(said, /^The compiler has its start-up snapshot for Node\.js/m);
      assert.equal(existsSync(home), false);
    } finally {
      rmSync(note);
    }
  });

  test("says which command adds TensorFlow, where a module needs it", () => {
    for (const module of ["rnnlab", "rnnlab/training"])
      assert.equal(
        run(`try { require("${module}"); } catch (error) { console.log(error.message); }`),
        "Cannot load TensorFlow: tfjs-node is not installed; run `npx rnnlab setup` to prepare it\n",
      );
  });

  test("gets TensorFlow by rnnlab setup, in the versions that it needs, as packages of the project", () => {
    const python = join(folder, "python");
    execFileSync(venvPython(), ["-m", "venv", "--without-pip", python]);
    const interpreter = join(python, "bin/python");
    const installed = rnnlab("setup", "--no-venv", "--python", interpreter);
    const kernels = join(python, "share/jupyter/kernels/rnnlab");
    assert.ok(rnnlab("doctor", "--python", interpreter).includes(`kernelspec      ${kernels}\n`));
    assert.match(installed, /^TensorFlow +tfjs-node 4\.22\.0 on TensorFlow /m);
    assert.deepEqual(packagesNamed("@tensorflow/tfjs-node"), ["./node_modules/@tensorflow/tfjs-node"]);
    const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const { peerDependencies } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
    for (const name of ["@tensorflow/tfjs-node", "h5wasm"])
      assert.equal(dependencies[name], peerDependencies[name]);
    const offered = run('console.log(require("rnnlab/recurrent-ops").nativeOps().available)');
    assert.equal(offered, `${!/not built/.test(installed)}\n`);
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

  test("runs a notebook of that folder through its kernel, on its own TensorFlow", async () => {
    assert.match(rnnlab("--version"), /^\d+\.\d+\.\d+\n$/);
    rnnlab("install", "--prefix", folder);
    const installed = join(folder, "node_modules/rnnlab");
    const spec = JSON.parse(readFileSync(join(folder, "share/jupyter/kernels/rnnlab/kernel.json"), "utf8"));
    assert.equal(spec.argv[2], join(installed, "dist/cli/main.js"));
    const place = join(installed, "dist/src/table/index.js");
    assert.equal(await printedBy(CELL, folder), `8 12 ${place}\n`);
  });

  test("makes data frames once danfojs is installed as the guide says, on the same TensorFlow", () => {
    const manifest = join(folder, "package.json");
    const overrides = { "danfojs-node": { xlsx: "0.18.5", "@tensorflow/tfjs-node": "4.22.0" } };
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), overrides }));
    const before = realpathSync(join(folder, "node_modules/@tensorflow/tfjs-node"));
    execFileSync("npm", [...INSTALL, "danfojs-node@1.2.0"], {
      cwd: folder,
      env: networkEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.deepEqual(packagesNamed("@tensorflow/tfjs-node"), ["./node_modules/@tensorflow/tfjs-node"]);
    assert.equal(realpathSync(join(folder, "node_modules/@tensorflow/tfjs-node")), before);
    const code = `const { dataFrame } = require("rnnlab/table");
      console.log(dataFrame({ amount: [1, 2, 6] }).column("amount").mean(), require("rnnlab").tf.sum([1, 2]).dataSync()[0]);`;
    assert.equal(run(code), "3 3\n");
  });

  test("refuses a danfojs that brings a TensorFlow of its own", () => {
    const nested = join(folder, "node_modules/danfojs-node/node_modules/@tensorflow/tfjs-node");
    mkdirSync(nested, { recursive: true });
    writeFileSync(join(nested, "package.json"), '{"version":"3.21.1"}');
    const code = `try { require("rnnlab/table").dataFrame({ a: [1] }); } catch (error) { console.log(error.message); }`;
    assert.match(
      run(code),
      /^Cannot make data frame: danfojs-node must use rnnlab's TensorFlow\.js, got its own in /,
    );
  });
});

// TensorFlow, and h5wasm, which is an ES module.
const CELL = `import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
await saveModel(tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }), "dense.keras");
console.log((await loadModel("dense.keras")).model.countParams(), tf.sum(tf.mul(tf.tensor1d([1, 2, 3]), 2)).dataSync()[0], require.resolve("rnnlab/table"));`;
