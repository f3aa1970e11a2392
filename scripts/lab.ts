// `npm run lab`: sets up and opens JupyterLab on the notebooks with our kernel. Arguments go to JupyterLab.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot, setUp, venvPython } from "./setup/index.js";

async function main(): Promise<number> {
  await setUp();
  const args = [
    ...["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"],
    `--ServerApp.root_dir=${join(packageRoot, "notebooks")}`,
    "--MultiKernelManager.default_kernel_name=rnnlab",
    // Jupyter refuses root by default; in a container there is often nobody else, and it listens on loopback only.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ...process.argv.slice(2),
  ];
  const lab = spawn(venvPython(), args, { stdio: "inherit" });
  // Ctrl-C reaches JupyterLab too, which asks whether to stop; this process only follows it.
  process.removeAllListeners("SIGINT").on("SIGINT", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => lab.kill("SIGTERM"));
  return new Promise((settle, reject) => {
    lab.on("error", reject);
    lab.on("close", (code) => settle(code ?? 1));
  });
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
