// `npm run package-managers -- [NAME…]`: installs the packed tarball with each package manager, without and with
// danfojs, and runs it. They come from npm's registry and keep their usual caches.
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
import { delimiter, join } from "node:path";
import { venvPython } from "../setup/paths.js";
import { sizeOf } from "../setup/run-command.js";
import { packageRoot } from "../src/platform/package-root.js";

const DANFOJS = "danfojs-node@1.2.0";
const CORRECTED = { xlsx: "0.18.5", "@tensorflow/tfjs-node": "4.22.0" };

interface PackageManager {
  /** Its package, as npx takes it, where it does not come with Node. */
  readonly from?: string;
  /** The script, beside its programs, that its package runs when it is installed: a project may keep npm from that. */
  readonly script?: string;
  readonly command: string;
  readonly add: readonly string[];
  /** What corrects danfojs's dependencies, in package.json, as docs/guide/tables.md has it; none where nothing does. */
  readonly corrections?: object;
  readonly files?: Readonly<Record<string, string>>;
}

const MANAGERS: Readonly<Record<string, PackageManager>> = {
  npm: {
    command: "npm",
    add: ["install", "--ignore-scripts", "--no-audit", "--no-fund"],
    corrections: { overrides: { "danfojs-node": CORRECTED } },
  },
  pnpm: {
    from: "pnpm@9",
    command: "pnpm",
    add: ["add", "--ignore-scripts"],
    corrections: {
      pnpm: {
        overrides: Object.fromEntries(
          Object.entries(CORRECTED).map(([name, version]) => [`danfojs-node>${name}`, version]),
        ),
      },
    },
  },
  "yarn 1": {
    from: "yarn@1",
    command: "yarn",
    add: ["add", "--ignore-scripts", "--non-interactive"],
    corrections: { resolutions: CORRECTED },
  },
  "yarn 4": {
    from: "@yarnpkg/cli-dist@4",
    command: "yarn",
    add: ["add"],
    corrections: { resolutions: CORRECTED },
    // TensorFlow's library cannot be loaded out of an archive.
    files: {
      ".yarnrc.yml": "nodeLinker: node-modules\nenableScripts: false\nenableTelemetry: false\n",
      "yarn.lock": "",
    },
  },
  // It does not replace a dependency that is given by a URL.
  bun: { from: "bun@1", script: "../bun/install.js", command: "bun", add: ["add", "--ignore-scripts"] },
};

/** Prints what `expected` has, if all is well. */
const PROGRAM = `
const { tf } = require("rnnlab");
const { dataFrame, describe } = require("rnnlab/table");
const data = { amount: [1, 2, 6] };
let frame;
try { frame = dataFrame(data).column("amount").mean(); } catch (error) { frame = error.message.split(";")[0]; }
console.log([describe(data).columns[0].mean, tf.sum([1, 2]).dataSync()[0], frame].join(" | "));`;
const WITHOUT = "3 | 3 | Cannot make data frame: danfojs-node is not installed";
const WITH = "3 | 3 | 3";

/** A folder of its own, in which the package manager is at hand as for a person who has it. */
function projectFor({ from, script, command, files = {} }: PackageManager) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-manager-")));
  const path = from
    ? execFileSync("npx", ["--yes", "-p", from, "-c", "echo $PATH"], { encoding: "utf8" }).trim()
    : process.env.PATH;
  const env = { ...process.env, PATH: path };
  // It fails where it has run before.
  if (script && spawnSync(command, ["--version"], { env }).status !== 0) {
    const found = (path ?? "").split(delimiter).map((programs) => join(programs, script));
    execFileSync(process.execPath, [found.find(existsSync) ?? script]);
  }
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  // Set-up gives the kernels to the Python that it uses.
  execFileSync(venvPython(), ["-m", "venv", "--without-pip", join(folder, "python")]);
  return { folder, run };
}

function correct(file: string, corrections: object): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...corrections }));
}

function tryManager(name: string, manager: PackageManager, tarball: string): boolean {
  const { folder, run } = projectFor(manager);
  const { command, add } = manager;
  const setUp = () =>
    run(join(folder, "node_modules/.bin/rnnlab"), [
      "setup",
      "--no-venv",
      "--python",
      join(folder, "python/bin/python"),
    ]);
  const result = () => run(process.execPath, ["-e", PROGRAM]).trim();
  try {
    const version = run(command, ["--version"]).trim();
    run(command, [...add, `rnnlab@file:${tarball}`]);
    const megabytes = Math.round(sizeOf(join(folder, "node_modules")) / 1e6);
    const isLight = !existsSync(join(folder, "node_modules/@tensorflow"));
    setUp();
    const alone = result();
    let withFrames = "not tried";
    if (manager.corrections !== undefined) {
      // Only with danfojs: yarn 1 installs what is to be corrected, needed or not.
      correct(join(folder, "package.json"), manager.corrections);
      run(command, [...add, DANFOJS]);
      setUp();
      withFrames = result();
    }
    const passed = alone === WITHOUT && [WITH, "not tried"].includes(withFrames) && isLight;
    const line = `${megabytes} MB before set-up; ${alone}; with danfojs: ${withFrames}`;
    console.log(`${passed ? "✔" : "✖"} ${name} ${version}: ${line}`);
    return passed;
  } catch (error) {
    const { stderr, stdout, message } = error as Error & { stderr?: string; stdout?: string };
    console.log(`✖ ${name}: ${message}\n${stdout ?? ""}${stderr ?? ""}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in MANAGERS));
  if (unknown !== undefined)
    throw new Error(
      `Cannot try package managers: they are ${Object.keys(MANAGERS).join(", ")}, got ${unknown}`,
    );
  const packed = mkdtempSync(join(tmpdir(), "rnnlab-packed-"));
  try {
    mkdirSync(packed, { recursive: true });
    execFileSync("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: packageRoot });
    const tarball = join(packed, readdirSync(packed)[0] ?? "");
    let failed = 0;
    for (const [name, manager] of Object.entries(MANAGERS))
      if (names.length === 0 || names.includes(name)) if (!tryManager(name, manager, tarball)) failed++;
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
}

main();
