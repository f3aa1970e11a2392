// Makes the start-up snapshots of the compiler for the project that this script is in: a copy has its own.
import { makeCompilerSnapshot } from "../../setup/compiler-snapshot.js";
import { cacheDirectory } from "../../src/platform/cache-directory.js";
import { runMain } from "../run-main.js";

async function main(): Promise<number> {
  for (const kind of ["compiler", "tensors"] as const) await makeCompilerSnapshot(kind, cacheDirectory());
  return 0;
}

runMain(main);
