// The script of which `node --build-snapshot` keeps the heap: the compiler's process, with TypeScript loaded and the
// type files that every cell needs parsed. Plain JavaScript, for Node.js gives such a script no `exports`.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, resolve } = require("node:path");
const { startupSnapshot } = require("node:v8");
const { compileFunction } = require("node:vm");

const loaded = new Map();

/** A snapshot script can only require Node's own modules: all others are loaded here, as CommonJS. */
function load(file) {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const { resolve: find } = createRequire(file);
  const requireFrom = (specifier) => {
    const target = find(specifier);
    if (target === specifier) return require(specifier);
    return target.endsWith(".json") ? JSON.parse(readFileSync(target, "utf8")) : load(target);
  };
  requireFrom.resolve = find;
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  const run = compileFunction(readFileSync(file, "utf8"), parameters, { filename: file });
  run.call(module.exports, module.exports, requireFrom, module, file, dirname(file));
  return module.exports;
}

const { begin, warmUp } = load(resolve(__dirname, "../../dist/kernel/compiler/serve.js"));
const { cells, library } = JSON.parse(process.env.RNNLAB_SNAPSHOT);
warmUp(cells, library);
startupSnapshot.setDeserializeMainFunction(() => begin(...process.argv.slice(-2)));
