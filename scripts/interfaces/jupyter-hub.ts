import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type Interface, npmWith, pythonWith } from "./environment.js";
import { freePort, waitUntil, withServer } from "./server.js";
import { provesItself } from "./sums.js";
import { ask } from "./websocket-kernel.js";

const PACKAGES = ["jupyterhub==6.1.1", "jupyterlab==4.6.6"];
const TOKEN = "of-this-run-alone";

/** JupyterHub on this machine alone: a proxy, a hub, and a server of the user's own with the kernel. */
export const jupyterHub: Interface = {
  name: "JupyterHub, LocalProcessSpawner",
  async drive({ directory, env }) {
    const [bin, proxy] = [await pythonWith(...PACKAGES), await npmWith("configurable-http-proxy@5.3.0")];
    const [port, hub, api] = [await freePort(), await freePort(), await freePort()];
    const folder = join(directory, "hub");
    mkdirSync(folder);
    const { username } = userInfo();
    const text = (value: unknown): string => JSON.stringify(value);
    writeFileSync(
      join(folder, "config.py"),
      [
        `c.JupyterHub.bind_url = "http://127.0.0.1:${port}"`,
        `c.JupyterHub.hub_bind_url = "http://127.0.0.1:${hub}"`,
        `c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${api}"`,
        `c.ConfigurableHTTPProxy.command = [${text(join(proxy, "configurable-http-proxy"))}]`,
        'c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"',
        'c.JupyterHub.authenticator_class = "dummy"',
        'c.JupyterHub.db_url = "sqlite://"',
        `c.Authenticator.allowed_users = {${text(username)}}`,
        `c.Spawner.environment = ${text(env)}`,
        `c.Spawner.args = ${username === "root" ? '["--allow-root"]' : "[]"}`,
        `c.JupyterHub.services = [{"name": "driver", "api_token": ${text(TOKEN)}}]`,
        'c.JupyterHub.load_roles = [{"name": "driver", "services": ["driver"], "scopes": ["admin:users", "admin:servers", "access:servers"]}]',
        "",
      ].join("\n"),
    );
    const address = `http://127.0.0.1:${port}`;
    const options = {
      ready: `${address}/hub/api/`,
      cwd: folder,
      env: { ...env, PATH: `${bin}:${process.env.PATH ?? ""}` },
    };
    await withServer([join(bin, "jupyterhub"), "-f", "config.py"], options, async () => {
      const server = { address, token: TOKEN };
      const user = `/hub/api/users/${username}`;
      await ask(server, `${user}/server`, { method: "POST" });
      const isReady = async (): Promise<boolean> => {
        const { servers = {} } = (await ask(server, user)) as {
          servers?: Record<string, { ready: boolean }>;
        };
        return servers[""]?.ready === true;
      };
      await waitUntil(isReady, "the user's server");
      await provesItself({ address: `${address}/user/${username}`, token: TOKEN });
      await ask(server, `${user}/server`, { method: "DELETE" });
    });
  },
};
