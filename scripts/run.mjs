// Builds the project, then runs one of its compiled scripts: `node scripts/run.mjs start --size quick`.
// Plain JavaScript without dependencies, because it runs before anything is compiled.
import "./require-node.cjs";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
if (script !== undefined && (args.includes("--help") || args.includes("-h"))) {
  process.stdout.write(helpOf(script));
  process.exit(0);
}

const compiler = join(root, "node_modules/typescript/bin/tsc");

if (!existsSync(compiler)) {
  console.error("Cannot build: the dependencies are not installed; run: npm ci");
  process.exit(1);
}

const buildInfo = join(root, "dist/.tsbuildinfo");
if (!existsSync(buildInfo)) console.log("  … building");
const force = isForeign(buildInfo) ? ["--force"] : [];
const build = spawnSync(process.execPath, [compiler, "-b", join(root, "tsconfig.json"), ...force], {
  encoding: "utf8",
});
// The checks report type errors themselves, as one of their results, and all tests run all the same.
const checks = script === "check" || (script === "test" && /^(--|$)/.test(args[0] ?? ""));
if (build.status !== 0 && !checks) {
  console.error(`${build.stdout}${build.stderr}Cannot build: the types do not check`);
  process.exit(1);
}
bundle();
if (script !== undefined) runScript();

/** Whether another TypeScript has built last, as by `npx tsc`: to this one all would be up to date, mistakes and all. */
function isForeign(path) {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/typescript/package.json"), "utf8"));
  return existsSync(path) && !readFileSync(path, "utf8").endsWith(`"version":"${version}"}`);
}

/** What the first comment of the script says. */
function helpOf(name) {
  const lines = readFileSync(join(root, "scripts", `${name}.ts`), "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return lines
    .slice(0, end)
    .map((line) => `${line.replace(/^\/\/ ?/, "")}\n`)
    .join("");
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
  endWithNpm(child);
  child.on("error", (error) => {
    console.error(`Cannot run ${script}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 1));
}

/**
 * npm passes a signal on to the shell that it has started, which ends without telling anybody. The script is told here,
 * when it has another parent.
 */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, 250);
  child.on("exit", () => clearInterval(timer));
}
