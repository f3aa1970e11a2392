// `npm run lab -- [ARGUMENT…]`: sets up and opens JupyterLab on the notebooks with our kernel. Arguments go to JupyterLab,
// such as --port 9000 or --no-browser; --help-all shows those that it knows.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setUpEssentials, venvPython } from "../setup/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { runMain } from "./run-main.js";

const defaults = [
  { arg: "--ServerApp.ip=127.0.0.1", names: /^--(ServerApp\.)?ip\b/ },
  {
    arg: `--ServerApp.root_dir=${join(packageRoot, "notebooks")}`,
    names: /^--(ServerApp\.root_dir|notebook-dir|preferred-dir)\b/,
  },
  {
    arg: "--MultiKernelManager.default_kernel_name=rnnlab",
    names: /^--\w*KernelManager\.default_kernel_name\b/,
  },
];

async function main(): Promise<number> {
  await setUpEssentials();
  const given = process.argv.slice(2);
  const args = [
    ...["-m", "jupyterlab"],
    // JupyterLab refuses a setting that comes twice: what the caller sets replaces ours.
    ...defaults.filter(({ names }) => !given.some((arg) => names.test(arg))).map(({ arg }) => arg),
    // Jupyter refuses root by default; in a container there is often nobody else, and it listens on loopback only.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ...given,
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

runMain(main);
