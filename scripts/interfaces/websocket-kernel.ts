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
  /** The kind of the error, such as `KeyboardInterrupt`. */
  readonly errorName: string | undefined;
}

/** A kernel that a server has started. */
export interface ServedKernel {
  /**
   * Runs a cell.
   *
   * @param whenPrinted - called when it prints for the first time
   */
  run(code: string, whenPrinted?: () => void): Promise<Printed>;
  /** Interrupts it, or starts it anew, as the server's own buttons do. */
  ask(action: "interrupt" | "restart"): Promise<void>;
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
export function runCells(server: Server, name: string, cells: readonly string[]): Promise<Printed[]> {
  return withKernel(server, name, async (kernel) => {
    const printed: Printed[] = [];
    for (const code of cells) printed.push(await kernel.run(code));
    return printed;
  });
}

/**
 * Starts a kernel of a server, and shuts it down in the end.
 *
 * @param server - where it is
 * @param name - of the kernel
 */
export async function withKernel<Result>(
  server: Server,
  name: string,
  use: (kernel: ServedKernel) => Promise<Result>,
): Promise<Result> {
  const { id } = (await ask(server, "/api/kernels", { method: "POST", body: { name } })) as { id: string };
  const path = `/api/kernels/${id}`;
  let socket: WebSocket | undefined;
  try {
    socket = await channelsOf(server, path);
    let open = socket;
    return await use({
      run: (code, whenPrinted) => runCell(open, code, whenPrinted),
      async ask(action) {
        await ask(server, `${path}/${action}`, { method: "POST" });
        if (action !== "restart") return;
        open.close();
        socket = open = await channelsOf(server, path);
      },
    });
  } finally {
    socket?.close();
    await ask(server, path, { method: "DELETE" });
  }
}

async function channelsOf(server: Server, path: string): Promise<WebSocket> {
  const address = `${server.address.replace(/^http/, "ws")}${path}/channels`;
  const headers = server.token === undefined ? {} : { Authorization: `token ${server.token}` };
  const socket = new WebSocket(address, { headers });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error(`Cannot open ${address}`)));
  });
  return socket;
}

function runCell(socket: WebSocket, code: string, whenPrinted: () => void = () => {}): Promise<Printed> {
  const id = randomUUID();
  const printed: { -readonly [Name in keyof Printed]: Printed[Name] } = {
    stdout: "",
    result: undefined,
    error: undefined,
    errorName: undefined,
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Cannot run ${code}: it must end within ${LIMIT} ms`)),
      LIMIT,
    );
    const take = ({ data }: { data: unknown }): void => {
      const { header, parent_header, content } = JSON.parse(String(data)) as Message;
      if (parent_header.msg_id !== id) return;
      if (header.msg_type === "stream" && content.name === "stdout") {
        if (printed.stdout === "") whenPrinted();
        printed.stdout += String(content.text);
      }
      if (header.msg_type === "execute_result") {
        printed.result = String((content.data as Record<string, unknown>)["text/plain"]);
      }
      if (header.msg_type === "error") {
        printed.error = String(content.evalue);
        printed.errorName = String(content.ename);
      }
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
