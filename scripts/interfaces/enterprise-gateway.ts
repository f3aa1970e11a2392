import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../src/platform/file-lock.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { type Interface, pythonWith } from "./environment.js";
import { freePort, waitUntil, withServer } from "./server.js";
import { provesItself } from "./sums.js";
import { type ServedKernel, withKernel } from "./websocket-kernel.js";

/** The kernelspec by which Enterprise Gateway starts the kernel, as docs/interfaces.md has it. */
const SPEC = {
  argv: [
    process.execPath,
    join(packageRoot, "dist/cli/main.js"),
    "launch",
    "--kernel-id",
    "{kernel_id}",
    "--response-address",
    "{response_address}",
    "--port-range",
    "{port_range}",
    "--public-key",
    "{public_key}",
  ],
  display_name: "TypeScript",
  language: "typescript",
  interrupt_mode: "message",
  metadata: {
    process_proxy: {
      class_name: "enterprise_gateway.services.processproxies.distributed.DistributedProcessProxy",
      config: { remote_hosts: "127.0.0.1" },
    },
  },
};

/** Enterprise Gateway with its distributed proxy: the launcher is started on this machine, and told of by its port. */
export const enterpriseGateway: Interface = {
  name: "Enterprise Gateway, distributed proxy",
  async drive({ directory, env }) {
    const bin = await pythonWith("jupyter_enterprise_gateway==3.3.0");
    const [port, response] = [await freePort(), await freePort()];
    const folder = join(directory, "enterprise");
    const kernel = join(folder, "kernels/rnnlab");
    mkdirSync(kernel, { recursive: true });
    writeFileSync(join(kernel, "kernel.json"), JSON.stringify(SPEC));
    const variables = {
      ...env,
      JUPYTER_PATH: folder,
      EG_RESPONSE_IP: "127.0.0.1",
      EG_RESPONSE_PORT: String(response),
      EG_KERNEL_LOG_DIR: folder,
      EG_UNAUTHORIZED_USERS: "",
      EG_PROHIBITED_UIDS: "",
    };
    const address = `http://127.0.0.1:${port}`;
    const args = ["enterprisegateway", "--ip=127.0.0.1", `--port=${port}`];
    const options = { ready: `${address}/api`, cwd: folder, env: variables };
    await withServer([join(bin, "jupyter"), ...args], options, async () => {
      await provesItself({ address });
      const pids = await withKernel({ address }, "rnnlab", async (kernel) => {
        await endsByInterrupt(kernel);
        return forgetsByRestart(kernel);
      });
      for (const pid of pids)
        await waitUntil(async () => !isAlive(pid), "the end of the kernel that the gateway has shut down");
    });
  },
};

/** An interrupt ends a cell that waits for ever, and no other one. */
async function endsByInterrupt({ run, ask }: ServedKernel): Promise<void> {
  let asked: Promise<void> | undefined;
  const { errorName } = await run('console.log("waiting");\nawait new Promise(() => {});', () => {
    asked = ask("interrupt");
  });
  await asked;
  assert.equal(errorName, "KeyboardInterrupt");
  assert.equal((await run("1 + 1")).result, "2");
}

/** A restart forgets what the cells have made, and the kernel answers. Returns the processes before and after. */
async function forgetsByRestart({ run, ask }: ServedKernel): Promise<number[]> {
  const pid = async (): Promise<number> => Number((await run("console.log(process.ppid)")).stdout);
  const kept = 'Reflect.get(globalThis, "kept") ?? "gone"';
  assert.equal((await run(`Reflect.set(globalThis, "kept", 3);\n${kept}`)).result, "3");
  const before = await pid();
  await ask("restart");
  assert.equal((await run(kept)).result, "'gone'");
  const after = await pid();
  assert.ok(before > 1 && after > 1);
  assert.notEqual(after, before);
  return [before, after];
}
