import { execFileSync } from "node:child_process";

/** Compiles with the command in CXX, which may have arguments, as make does. */
export function runCompiler(args: readonly string[]): void {
  const command = process.env.CXX || "g++";
  execFileSync("/bin/sh", ["-c", `${command} "$@"`, command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Whether this machine can compile the fused ops. */
export function compilerRuns(): boolean {
  try {
    runCompiler(["--version"]);
    return true;
  } catch {
    return false;
  }
}
