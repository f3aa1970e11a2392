import { randomUUID } from "node:crypto";
import { WebSocket } from "undici";

/** Where a server of Jupyter is. */
export interface Server {
  /** As `http://127.0.0.1:8888`, without a slash at its end */
  readonly address: string;
  readonly token?: string;
}

/** What a cell has put out. */
export interface Printed {
  readonly stdout: string;
  readonly result: string | undefined;
  readonly error: string | undefined;
}

interface Message {
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

const LIMIT = 120_000;

/** Asks a server something, and gets JSON. */
export async function ask(
  { address, token }: Server,
  path: string,
  { method = "GET", body }: { method?: string; body?: unknown } = {},
): Promise<unknown> {
  const headers = {
    "Content-Type": "application/json",
    ...(token === undefined ? {} : { Authorization: `token ${token}` }),
  };
  const answer = await fetch(`${address}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`Cannot ${method} ${path}: the server must agree, got ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/**
 * Runs cells in a new kernel of a server, over its websocket, as JupyterLab does.
 *
 * @param server - where it is
 * @param name - of the kernel
 * @param cells - what runs
 * @returns what each cell has put out
 */
export async function runCells(server: Server, name: string, cells: readonly string[]): Promise<Printed[]> {
  const kernel = (await ask(server, "/api/kernels", { method: "POST", body: { name } })) as { id: string };
  const address = `${server.address.replace(/^http/, "ws")}/api/kernels/${kernel.id}/channels`;
  const headers = server.token === undefined ? {} : { Authorization: `token ${server.token}` };
  const socket = new WebSocket(address, { headers });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error(`Cannot open ${address}`)));
    });
    const printed: Printed[] = [];
    for (const code of cells) printed.push(await runCell(socket, code));
    return printed;
  } finally {
    socket.close();
    await ask(server, `/api/kernels/${kernel.id}`, { method: "DELETE" });
  }
}

function runCell(socket: WebSocket, code: string): Promise<Printed> {
  const id = randomUUID();
  const printed: { -readonly [Name in keyof Printed]: Printed[Name] } = {
    stdout: "",
    result: undefined,
    error: undefined,
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Cannot run ${code}: it must end within ${LIMIT} ms`)),
      LIMIT,
    );
    const take = ({ data }: { data: unknown }): void => {
      const { header, parent_header, content } = JSON.parse(String(data)) as Message;
      if (parent_header.msg_id !== id) return;
      if (header.msg_type === "stream" && content.name === "stdout") printed.stdout += String(content.text);
      if (header.msg_type === "execute_result") {
        printed.result = String((content.data as Record<string, unknown>)["text/plain"]);
      }
      if (header.msg_type === "error") printed.error = String(content.evalue);
      if (header.msg_type !== "status" || content.execution_state !== "idle") return;
      clearTimeout(timer);
      socket.removeEventListener("message", take);
      resolve(printed);
    };
    socket.addEventListener("message", take);
    const header = {
      msg_id: id,
      msg_type: "execute_request",
      session: id,
      username: "",
      version: "5.3",
      date: new Date().toISOString(),
    };
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    socket.send(
      JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: [] }),
    );
  });
}
