#!/usr/bin/env node
// The `rnnlab` command. In a checkout that is not built yet, it builds first.
import "./require-node.cjs";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, "dist/cli/main.js");
if (!existsSync(cli)) {
  const { status } = spawnSync(process.execPath, [join(root, "scripts/run.mjs")], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
createRequire(import.meta.url)(cli);
