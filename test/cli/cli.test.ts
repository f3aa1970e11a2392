import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { temporaryFolder } from "../setup/temporary.js";

const COMMANDS = [
  "setup",
  "install",
  "uninstall",
  "doctor",
  "check",
  "run",
  "test",
  "export",
  "sweep",
  "kernel",
];
const CLI = resolve(__dirname, "../../cli/main.js");

function rnnlab(args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], options);
  return { status, stdout, stderr };
}

test("rnnlab --version prints the package's version", () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  assert.deepEqual(rnnlab(["--version"]), { status: 0, stdout: `${version}\n`, stderr: "" });
});

test("rnnlab --help names every command", () => {
  const { status, stdout } = rnnlab(["--help"]);
  assert.equal(status, 0);
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, "m"));
});

test("rnnlab shows the help of a command alone after that command, and its version in short", () => {
  const all = rnnlab(["--help"]).stdout;
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = rnnlab([command, "--help"]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" }, command);
    const shown = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    assert.deepEqual([...new Set(shown)], [command]);
    const lines = stdout.split("\n").filter((line) => line.startsWith("  "));
    assert.ok(all.includes(lines.join("\n")), stdout);
  }
  assert.deepEqual(rnnlab(["install", "-h"]), rnnlab(["install", "--user", "--help"]));
  assert.deepEqual(rnnlab(["dance", "--help"]).stdout, all);
  assert.deepEqual(rnnlab(["-v"]), rnnlab(["--version"]));
});

test("rnnlab ends in peace when its reader has gone", () => {
  const command = `set -o pipefail; "${process.execPath}" "${CLI}" --help | true`;
  const { status, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
});

test("rnnlab install leaves another program's kernel of that name alone, unless --replace is given", (context) => {
  const env = { JUPYTER_DATA_DIR: temporaryFolder(context) };
  const folder = join(env.JUPYTER_DATA_DIR, "kernels", "rnnlab");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), '{"argv":["theirs"],"language":"typescript"}');
  const { status, stderr } = rnnlab(["install"], env);
  assert.equal(status, 1);
  assert.match(stderr, /^rnnlab: Cannot install the kernel: .*--replace\n$/);
  assert.equal(rnnlab(["install", "--replace"], env).status, 0);
});

test("rnnlab with wrong arguments says what is wrong, shows the usage and ends with 2", () => {
  const cases: [string[], RegExp][] = [
    [[], /^rnnlab: a command is missing\n/],
    [["dance"], /^rnnlab: unknown command "dance"\n/],
    [["kernel"], /^rnnlab: kernel takes a connection file\n/],
    [["kernel", "--javascript"], /^rnnlab: kernel takes a connection file\n/],
    [["setup", "/shared"], /^rnnlab: setup takes a folder with --system only, got \/shared\n/],
    [["setup", "--kernel-only", "--no-venv"], /^rnnlab: --kernel-only needs no Python/],
    [["uninstall", "--replace"], /^rnnlab: --replace belongs to install\n/],
    [["install", "--usr"], /^rnnlab: Unknown option '--usr'/],
    [["install", "--user", "--prefix", "/x"], /^rnnlab: choose one of --user, --sys-prefix and --prefix\n/],
    [["doctor", "now"], /^rnnlab: Unexpected argument 'now'/],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = rnnlab(args);
    assert.equal(status, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.match(stderr, /Usage: rnnlab/);
  }
});

test("rnnlab install and uninstall change the user's own kernels", (context) => {
  const env = { JUPYTER_DATA_DIR: temporaryFolder(context) };
  const folder = join(env.JUPYTER_DATA_DIR, "kernels", "mine");
  assert.deepEqual(rnnlab(["install", "--name", "mine"], env).stdout.split("\n"), [
    `Installed TypeScript (mine) in ${folder}`,
    `Installed JavaScript (mine) in ${folder}-javascript`,
    `The compiler has its start-up snapshot for Node.js ${process.versions.node}`,
    "",
  ]);
  assert.equal(existsSync(join(folder, "kernel.json")), true);
  assert.equal(existsSync(join(`${folder}-javascript`, "kernel.json")), true);
  assert.equal(
    rnnlab(["uninstall", "--name", "mine"], env).stdout,
    `Removed ${folder}\nRemoved ${folder}-javascript\n`,
  );
  assert.equal(existsSync(folder), false);
  const again = rnnlab(["uninstall", "--name", "mine"], env);
  assert.deepEqual(again, {
    status: 1,
    stdout: "",
    stderr: "rnnlab: Cannot uninstall the kernel: it is not installed there\n",
  });
});

test("rnnlab doctor shows every part healthy after a set-up", () => {
  const { status, stdout } = rnnlab(["doctor"]);
  assert.equal(status, 0, stdout);
  const parts = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/)[1]);
  for (const part of [
    "node",
    "typescript",
    "zeromq",
    "tfjs-node",
    "danfojs-node",
    "plotly.js-dist",
    "python",
    "jupyterlab",
    "nbconvert",
    "kernelspec",
    "compiler",
    "data",
    "cache",
  ])
    assert.ok(parts.includes(part), part);
  assert.match(stdout, /tfjs-node +4\.22\.0 on TensorFlow \d.*, computes/);
});

test("rnnlab doctor shows the kernelspecs of both languages", () => {
  const { stdout } = rnnlab(["doctor"]);
  assert.match(stdout, /kernelspec .*[\\/]rnnlab\n/);
  assert.match(stdout, /kernelspec .*[\\/]rnnlab-javascript\n/);
});

test("rnnlab doctor finds a kernelspec whose package is gone and names the repair", (context) => {
  const env = { JUPYTER_DATA_DIR: temporaryFolder(context), RNNLAB_DATA: "/no/such/data" };
  const folder = join(env.JUPYTER_DATA_DIR, "kernels", "rnnlab");
  mkdirSync(folder, { recursive: true });
  const argv = [process.execPath, "/gone/cli.js", "kernel", "{connection_file}"];
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv, language: "typescript" }));
  const { status, stdout } = rnnlab(["doctor"], env);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /broken +kernelspec .*starts \/gone\/cli\.js, which is gone\n +repair: rm -r .*npx rnnlab install/,
  );
  assert.match(stdout, /broken +data +RNNLAB_DATA names \/no\/such\/data, which is not there\n +repair: /);
});
