// Builds the project, then runs one of its compiled scripts: `node scripts/run.mjs start --size quick`.
// Plain JavaScript without dependencies, because it runs before anything is compiled.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
const compiler = join(root, "node_modules/typescript/bin/tsc");

if (!existsSync(compiler)) {
  console.error("Cannot build: the dependencies are not installed; run: npm ci");
  process.exit(1);
}

if (!existsSync(join(root, "dist/.tsbuildinfo"))) console.log("  … building");
const build = spawnSync(process.execPath, [compiler, "-b", join(root, "tsconfig.json")], {
  encoding: "utf8",
});
// The checks report type errors themselves, as one of their results, and all tests run all the same.
const checks = script === "check" || (script === "test" && /^(--|$)/.test(args[0] ?? ""));
if (build.status !== 0 && !checks) {
  console.error(`${build.stdout}${build.stderr}Cannot build: the types do not check`);
  process.exit(1);
}
slimDanfo();
if (script !== undefined) runScript();

/**
 * danfojs-node travels inside the packed tarball (bundleDependencies), because npm ignores our `overrides`
 * when it installs rnnlab elsewhere and would fetch a second TensorFlow and a tarball by URL. What it needs
 * is among our own dependencies, so its own list is dropped here, before anybody packs.
 */
function slimDanfo() {
  const path = join(root, "node_modules/danfojs-node/package.json");
  if (!existsSync(path)) return;
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  if (manifest.dependencies === undefined) return;
  delete manifest.dependencies;
  delete manifest.devDependencies;
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  // npm's own copy of the tree; without it npm reads the manifests again.
  rmSync(join(root, "node_modules/.package-lock.json"), { force: true });
}

function runScript() {
  const path = join(root, "dist/scripts", `${script}.js`);
  if (!existsSync(path)) {
    console.error(`${build.stdout}${build.stderr}Cannot run ${script}: ${path} was not built`);
    process.exit(1);
  }
  const child = spawn(process.execPath, [path, ...args], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes: the script tidies up and ends, then this one follows.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Cannot run ${script}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 1));
}
