import { join } from "node:path";
import { type Interface, pythonWith } from "./environment.js";
import { freePort, withServer } from "./server.js";
import { provesItself } from "./sums.js";

/** Kernel Gateway: kernels over a websocket. */
export const kernelGateway: Interface = {
  name: "Kernel Gateway, websocket",
  async drive(home) {
    const bin = await pythonWith("jupyter_kernel_gateway==3.0.1");
    const port = await freePort();
    const args = ["kernelgateway", "--KernelGatewayApp.ip=127.0.0.1", `--port=${port}`];
    const address = `http://127.0.0.1:${port}`;
    const options = { ready: `${address}/api`, cwd: home.directory, env: home.env };
    await withServer([join(bin, "jupyter"), ...args], options, () => provesItself({ address }));
  },
};
