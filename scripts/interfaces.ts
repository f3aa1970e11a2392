// `npm run interfaces`: drives the kernel for real through nbclient, nbconvert, jupyter execute, jupyter run, jupyter
// console, Kernel Gateway, Enterprise Gateway and JupyterHub, and reads JUnit's XML of `rnnlab test`. Their packages are installed once, in the cache folder.
// With words it drives those whose names contain one of them.
import { messageOf } from "../src/platform/message-of.js";
import { installKernel } from "../tools/kernel-client/index.js";
import { clients } from "./interfaces/clients.js";
import { enterpriseGateway } from "./interfaces/enterprise-gateway.js";
import type { Interface } from "./interfaces/environment.js";
import { junit } from "./interfaces/junit.js";
import { jupyterHub } from "./interfaces/jupyter-hub.js";
import { kernelGateway, kernelGatewayHttp } from "./interfaces/kernel-gateway.js";
import { runMain } from "./run-main.js";

const INTERFACES: readonly Interface[] = [
  ...clients,
  kernelGateway,
  kernelGatewayHttp,
  enterpriseGateway,
  jupyterHub,
  junit,
];

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const chosen = INTERFACES.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (chosen.length === 0)
    throw new Error(
      `Cannot drive ${words.join(", ")}: there are ${INTERFACES.map(({ name }) => name).join(", ")}`,
    );
  const home = await installKernel();
  let failed = 0;
  try {
    for (const { name, drive } of chosen) {
      const start = performance.now();
      const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
      try {
        await drive(home);
        console.log(`  ✔ ${name}  ${seconds()}`);
      } catch (error) {
        failed++;
        console.log(`  ✖ ${name}  ${seconds()}\n${messageOf(error)}`);
      }
    }
  } finally {
    home.remove();
  }
  console.log(`\n${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

runMain(main);
