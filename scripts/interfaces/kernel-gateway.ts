import assert from "node:assert/strict";
import { join } from "node:path";
import { type Interface, pythonWith } from "./environment.js";
import { freePort, withServer } from "./server.js";
import { provesItself, writeNotebook } from "./sums.js";

/** How long an answer may take, in ms. */
const ANSWER_LIMIT = 120_000;
const GATEWAY = "jupyter_kernel_gateway==3.0.1";

/** Kernel Gateway: kernels over a websocket. */
export const kernelGateway: Interface = {
  name: "Kernel Gateway, websocket",
  async drive(home) {
    const bin = await pythonWith(GATEWAY);
    const port = await freePort();
    const args = ["kernelgateway", "--KernelGatewayApp.ip=127.0.0.1", `--port=${port}`];
    const address = `http://127.0.0.1:${port}`;
    const options = { ready: `${address}/api`, cwd: home.directory, env: home.env };
    await withServer([join(bin, "jupyter"), ...args], options, () => provesItself({ address }));
  },
};

/** A notebook that answers requests of HTTP: the gateway sets `REQUEST`, and runs the cell with the path. */
const ANSWERS = [
  'let REQUEST = "";',
  "const twice = (value: number): number => 2 * value;",
  `// GET /twice/:value
const request: { path: { value: string } } = JSON.parse(REQUEST);
console.log(twice(Number(request.path.value)));`,
  `// POST /names
const names: { body: string[] } = JSON.parse(REQUEST);
console.log(names.body.map((name) => name.toUpperCase()).join("+"));`,
  "// GET /wrong\nconst wrong: number = REQUEST;",
];

/** Kernel Gateway: a notebook as a service of HTTP. */
export const kernelGatewayHttp: Interface = {
  name: "Kernel Gateway, notebook-http",
  async drive(home) {
    const bin = await pythonWith(GATEWAY);
    const port = await freePort();
    const seed = writeNotebook(home.directory, "service.ipynb", ANSWERS);
    const args = [
      "kernelgateway",
      "--KernelGatewayApp.ip=127.0.0.1",
      `--port=${port}`,
      "--KernelGatewayApp.api=kernel_gateway.notebook_http",
      `--KernelGatewayApp.seed_uri=${seed}`,
      "--NotebookHTTPPersonality.comment_prefix=typescript=//",
    ];
    const address = `http://127.0.0.1:${port}`;
    const ready = `${address}/_api/spec/swagger.json`;
    await withServer(
      [join(bin, "jupyter"), ...args],
      { ready, cwd: home.directory, env: home.env },
      async () => {
        const answerOf = async (path: string, options: RequestInit = {}): Promise<[number, string]> => {
          const limit = { signal: AbortSignal.timeout(ANSWER_LIMIT) };
          const answer = await fetch(`${address}${path}`, { ...limit, ...options });
          return [answer.status, await answer.text()];
        };
        assert.deepEqual(await answerOf("/twice/21"), [200, "42\n"]);
        const headers = { "Content-Type": "application/json" };
        const post = { method: "POST", headers, body: '["ann","bob"]' };
        assert.deepEqual(await answerOf("/names", post), [200, "ANN+BOB\n"]);
        const [status, text] = await answerOf("/wrong");
        assert.equal(status, 500);
        assert.match(text, /Type 'string' is not assignable to type 'number'/);
        assert.deepEqual(await answerOf("/twice/4"), [200, "8\n"]);
      },
    );
  },
};
