// Puts what rnnlab needs of some packages into dist/node_modules, where what is compiled finds it first and from where it is
// published. Whole, they are 68 MB: TypeScript with its command and translations, ZeroMQ with several builds for each
// platform, its sources and what would compile them, and each of the others several times for other ways of loading it.
// Plain JavaScript, because the build calls it before anything is compiled.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const target = join(root, "dist/node_modules");

/** The files of each package, beside its `package.json` and its licences. */
const PACKAGES = {
  typescript: (name) => /^lib\/(typescript\.js|lib(\..*)?\.d\.ts)$/.test(name),
  zeromq: (name) => /^lib\/[^/]*\.js$/.test(name),
  // It finds ZeroMQ's build for the platform.
  "cmake-ts": (name) => name === "build/loader.js",
  "csv-parse": (name) => name === "dist/cjs/sync.cjs",
  fflate: (name) => name === "lib/node.cjs",
};
const LICENCES = /^(LICEN[CS]E|ThirdPartyNotice)[^/]*$/;
/** As in a stack that is reported, a line says where in the compiler something was. */
const LINE_LENGTH = 160;

/** Makes the folder, if it is not there or was made of something else. */
export function bundle() {
  const made = join(target, ".made-of");
  const digest = digestOf([fileURLToPath(import.meta.url), ...Object.keys(PACKAGES).map(manifestOf)]);
  if (existsSync(made) && readFileSync(made, "utf8") === digest) return;
  const aside = `${target}.making-${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  for (const [name, isNeeded] of Object.entries(PACKAGES)) copyPackage(name, isNeeded, join(aside, name));
  copyBuilds(join(aside, "zeromq/build"));
  shorten(join(aside, "typescript/lib/typescript.js"));
  note(
    join(aside, "typescript"),
    "rnnlab has left out what its kernel does not need, white space and comments",
  );
  note(join(aside, "zeromq"), "rnnlab has left out what its kernel does not need");
  writeFileSync(join(aside, ".made-of"), digest);
  rmSync(target, { recursive: true, force: true });
  try {
    renameSync(aside, target);
  } catch (error) {
    // Another build may have been faster.
    if (!existsSync(made) || readFileSync(made, "utf8") !== digest) throw error;
    rmSync(aside, { recursive: true });
  }
}

function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

const source = (name) => join(root, "node_modules", name);
const manifestOf = (name) => join(source(name), "package.json");

function copyPackage(name, isNeeded, folder) {
  const files = readdirSync(source(name), { recursive: true }).map((file) => file.replaceAll("\\", "/"));
  for (const file of files)
    if (file === "package.json" || LICENCES.test(file) || isNeeded(file))
      cpSync(join(source(name), file), join(folder, file));
}

/** Of each platform the build for the newest Node.js, which is the one that is loaded: Node-API is the same for all. */
function copyBuilds(folder) {
  const from = join(source("zeromq"), "build");
  const newest = new Map();
  for (const [key, file] of Object.entries(JSON.parse(readFileSync(join(from, "manifest.json"), "utf8")))) {
    const { os, arch, libc, abi } = JSON.parse(key);
    // Node.js for Windows has no 32 bits any more.
    if (arch === "ia32") continue;
    const known = newest.get(`${os}-${arch}-${libc}`);
    if (known === undefined || known.abi < abi) newest.set(`${os}-${arch}-${libc}`, { key, file, abi });
  }
  const builds = [...newest.values()];
  mkdirSync(folder, { recursive: true });
  for (const { file } of builds) {
    const path = file.replaceAll("\\", "/");
    cpSync(join(from, path), join(folder, path));
  }
  const kept = Object.fromEntries(builds.map(({ key, file }) => [key, file]));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(kept));
}

/** The compiler is kept twice, as a file and in the start-up snapshot: a quarter of it is white space and comments. */
function shorten(file) {
  const { transformSync } = require("esbuild");
  const options = {
    minifyWhitespace: true,
    lineLimit: LINE_LENGTH,
    legalComments: "inline",
    charset: "ascii",
  };
  writeFileSync(file, transformSync(readFileSync(file, "utf8"), options).code);
}

/** The licences ask that changes are named. */
function note(folder, changes) {
  const file = join(folder, "package.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), changes }, undefined, 2));
}
