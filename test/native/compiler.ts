import { execFileSync } from "node:child_process";

export const compiler = process.env.CXX || "g++";

/** Whether this machine can compile the fused ops. */
export function compilerRuns(): boolean {
  try {
    execFileSync(compiler, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
