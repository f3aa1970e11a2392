import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { SetupError } from "../../setup/setup-error.js";
import { addTensorPackages, missingTensorPackages } from "../../setup/tensor-packages.js";
import { temporaryFolder, writeScript } from "./temporary.js";

const WANTED = ["@tensorflow/tfjs-node@4.22.0", "h5wasm@0.10.3"];
const MANIFEST = { peerDependencies: { "@tensorflow/tfjs-node": "4.22.0", h5wasm: "0.10.3" } };
const PACKAGES = `for package in @tensorflow/tfjs-node h5wasm; do
  mkdir -p node_modules/$package && echo '{}' > node_modules/$package/package.json
done`;

/** A project with a copy of rnnlab, and package managers that note how they are called. */
function project(context: TestContext, manifest?: object, work = PACKAGES) {
  const folder = temporaryFolder(context);
  const copy = join(folder, "node_modules", "rnnlab");
  for (const each of [copy, join(folder, "bin")]) mkdirSync(each, { recursive: true });
  writeFileSync(join(copy, "package.json"), JSON.stringify(MANIFEST));
  if (manifest !== undefined) writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const log = join(folder, "log");
  for (const name of ["npm", "pnpm", "yarn", "bun"])
    writeScript(
      join(folder, "bin", name),
      `[ "$1 $2" = "root --global" ] && { echo "$GLOBAL"; exit; }
       echo ${name} "$@" scripts=$YARN_ENABLE_SCRIPTS > ${log}
       ${work}`,
    );
  const env = { ...process.env, PATH: [join(folder, "bin"), process.env.PATH].join(delimiter), GLOBAL: "" };
  const notes: string[] = [];
  const add = (more: NodeJS.ProcessEnv = {}) =>
    addTensorPackages({ env: { ...env, ...more }, note: (line) => notes.push(line), copy, current: folder });
  return { folder, copy, add, notes, called: () => readFileSync(log, "utf8").trim().split(" ") };
}

if (process.platform !== "win32") {
  test("addTensorPackages() adds what is missing, in rnnlab's versions and without scripts, with the project's package manager", async (context) => {
    const cases: [manager: string, manifest: object, file: string][] = [
      ["npm", {}, "package-lock.json"],
      ["npm", {}, "nothing"],
      ["pnpm", {}, "pnpm-lock.yaml"],
      ["pnpm", { packageManager: "pnpm@10.1.0+sha512.abc" }, "package-lock.json"],
      ["yarn", {}, "yarn.lock"],
      ["yarn", {}, ".yarnrc.yml"],
      ["yarn", { packageManager: "yarn@4.5.0" }, "nothing"],
      ["bun", {}, "bun.lock"],
      ["bun", {}, "bun.lockb"],
    ];
    for (const [manager, manifest, file] of cases) {
      const { folder, copy, add, notes, called } = project(context, manifest);
      writeFileSync(join(folder, file), "");
      assert.deepEqual(missingTensorPackages(copy), WANTED);
      assert.equal(await add(), copy);
      const [command, ...args] = called();
      assert.equal(command, manager, file);
      assert.deepEqual(
        args.filter((arg) => arg.includes("@")),
        WANTED,
      );
      assert.ok(args.includes("--ignore-scripts") || args.includes("scripts=false"), args.join(" "));
      assert.ok(
        args.some((arg) => /^--(save-)?exact$/.test(arg)),
        args.join(" "),
      );
      assert.equal(args.includes("-D"), false);
      assert.match(notes.join(), new RegExp(`^adding .* with ${manager} \\(300 MB on disk\\)$`));
      assert.deepEqual(missingTensorPackages(copy), []);
    }
  });

  test("addTensorPackages() leaves a project alone that has them", async (context) => {
    const { copy, add, notes } = project(context, {});
    for (const name of ["@tensorflow/tfjs-node", "h5wasm"]) {
      const folder = join(copy, "../", name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), "{}");
    }
    assert.equal(await add(), copy);
    assert.deepEqual(notes, []);
  });

  test("addTensorPackages() adds them for development where rnnlab is for development", async (context) => {
    const { add, called } = project(context, { devDependencies: { rnnlab: "*" } });
    await add();
    assert.ok(called().includes("-D"));
  });

  test("addTensorPackages() says where rnnlab is when the package manager has moved it", async (context) => {
    const move = `mkdir -p store/node_modules && mv node_modules/rnnlab store/node_modules
      ln -s ../store/node_modules/rnnlab node_modules/rnnlab && cd store && ${PACKAGES}`;
    const { folder, add } = project(context, {}, move);
    assert.equal(await add(), join(folder, "store/node_modules/rnnlab"));
  });

  test("addTensorPackages() adds them for all projects where rnnlab was installed so, and nowhere by guess", async (context) => {
    const { folder, copy, add, called } = project(context);
    assert.equal(await add({ GLOBAL: join(folder, "node_modules") }), copy);
    assert.ok(called().includes("--global"));
    const elsewhere = project(context);
    await assert.rejects(
      elsewhere.add(),
      /node_modules must belong to a project or to npm\n {2}repair: install them with/,
    );
  });

  test("addTensorPackages() says what the package manager said, and the command to try", async (context) => {
    const { add } = project(context, {}, "echo no such host >&2; exit 1");
    await assert.rejects(add(), (error: SetupError) => {
      assert.ok(error instanceof SetupError);
      assert.match(error.message, /^Cannot add @tensorflow\/tfjs-node@4\.22\.0 and h5wasm@0\.10\.3\n/);
      assert.match(error.message, /no such host/);
      assert.match(
        error.message,
        /repair: .* run npm install .*h5wasm@0\.10\.3 in .*; then: npx rnnlab setup$/,
      );
      return true;
    });
  });

  test("addTensorPackages() of a checkout names npm ci", async (context) => {
    const { folder, copy } = project(context);
    const checkout = join(folder, "checkout");
    renameSync(copy, checkout);
    const options = { env: process.env, note: () => {}, copy: checkout, current: checkout };
    await assert.rejects(addTensorPackages(options), /repair: npm ci; then: npx rnnlab setup$/);
  });
}
