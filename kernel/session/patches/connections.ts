import { subscribe } from "node:diagnostics_channel";
import http from "node:http";
import net from "node:net";
import { atomically, untilLoaded } from "../interrupts/atomic.js";
import { adoptSocket, currentCell, isDead, runInCell, sparingly } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { cells } from "../realm/cell-realm.js";

/** Closes something when a cell is interrupted: the one that has used it last. */
export type Remember = <Resource extends object>(
  resource: Resource,
  close: (resource: Resource) => void,
  cell?: RunningCell,
) => void;

/** What Node tells of a request of `fetch`, and of the connection that it goes out on. */
interface FetchMessage {
  readonly request: object;
  readonly socket: net.Socket;
}

type Method = (...args: unknown[]) => unknown;

/** Puts a function in the place of a method that calls the method itself. */
function wrap<Target extends object>(
  target: object,
  name: string,
  wrapper: (self: Target, args: unknown[], call: () => unknown) => unknown,
): void {
  const method = Reflect.get(target, name) as Method;
  const wrapped = {
    [name](this: Target, ...args: unknown[]) {
      return wrapper(this, args, () => Reflect.apply(method, this, args));
    },
  };
  Object.assign(target, wrapped);
}

/** One that is still being made ends with an error: without one, whoever waits for it would wait for ever. */
function endConnection(socket: net.Socket): void {
  if (!socket.connecting) {
    socket.destroy();
    return;
  }
  // Whoever listens to nothing is not to be told.
  socket.on("error", () => {});
  socket.destroy(new cells.errors.Error("Cannot connect: the cell was interrupted"));
}

/** An agent would open a connection for one that waits for its turn, whoever it is from. */
function endRequest(agent: http.Agent, request: http.ClientRequest): void {
  for (const queue of Object.values(agent.requests)) {
    const index = (queue as http.ClientRequest[]).indexOf(request);
    if (index !== -1) queue?.splice(index, 1);
  }
  request.on("error", () => {});
  request.destroy();
}

/**
 * From here on outgoing connections end with the interrupted cell that has opened them. `fetch` and `http.request` share
 * connections among cells: such a one belongs to the cell whose request it carries, or has carried last.
 */
export function trackConnections(remember: Remember): void {
  wrap<net.Socket>(net.Socket.prototype, "connect", (socket, _, connect) => {
    // The end of another may be what has called for this one.
    if (isDead(currentCell())) return socket.destroy();
    remember(socket, endConnection);
    return connect();
  });
  trackRequests(remember);
  trackFetch(remember);
}

function trackRequests(remember: Remember): void {
  const senders = new WeakMap<object, RunningCell>();
  const asSender = (request: http.ClientRequest, code: () => unknown): unknown =>
    runInCell(senders.get(request) ?? currentCell(), code);
  wrap<http.Agent>(http.Agent.prototype, "addRequest", (agent, [request], add) => {
    const sent = request as http.ClientRequest;
    const cell = currentCell();
    if (isDead(cell)) return sent.destroy();
    if (cell !== undefined) senders.set(sent, cell);
    remember(sent, (waiting) => endRequest(agent, waiting));
    return add();
  });
  // Those that have waited for their turn are called by what another cell's request leaves behind.
  wrap<http.Agent>(http.Agent.prototype, "createSocket", (_, [request], create) =>
    asSender(request as http.ClientRequest, create),
  );
  wrap<http.ClientRequest>(http.ClientRequest.prototype, "onSocket", (request, [socket], take) =>
    asSender(request, () => {
      if (socket instanceof net.Socket) remember(socket, endConnection);
      return take();
    }),
  );
}

function trackFetch(remember: Remember): void {
  const senders = new WeakMap<object, RunningCell>();
  subscribe("undici:request:create", (message) => {
    const cell = currentCell();
    if (cell !== undefined) senders.set((message as FetchMessage).request, cell);
  });
  subscribe("undici:client:sendHeaders", (message) => {
    const { request, socket } = message as FetchMessage;
    const cell = senders.get(request);
    // Messages of a WebSocket come as calls of its socket.
    if (cell !== undefined) adoptSocket(socket, cell);
    remember(socket, endConnection, cell);
  });
  // All connections share one parser, which must not be left in the middle of an answer.
  subscribe("undici:client:connected", (message) => {
    wrap<net.Socket>((message as FetchMessage).socket, "emit", (_socket, [event], emit) =>
      event === "readable" ? atomically(emit) : emit(),
    );
  });
  let loaded = false;
  // Its own code keeps the connections of all cells, and must not be left half-way: it ends with its connection.
  wrap(cells.global, "fetch", (_self, _args, fetch) => {
    if (isDead(currentCell())) return cells.promise(new Promise(() => {}));
    const wasThere = dispatchers().some((each) => each !== undefined);
    const send = (): unknown => sparingly(fetch);
    // The first call loads what it consists of.
    const [response] = loaded ? [send()] : untilLoaded(() => [send()]);
    loaded = true;
    // The first request makes Node's own; one that is there already is somebody else's.
    if (!wasThere) own = dispatchers();
    return response;
  });
}

/**
 * Where `fetch` finds what keeps its connections, and where earlier versions of it would: there later ones put the same
 * once more, or what passes all on to it.
 */
const KEYS = [2, 1].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));
type Dispatcher = { readonly constructor: new (inner?: Dispatcher) => Dispatcher };
const dispatchers = (): (Dispatcher | undefined)[] => KEYS.map((key) => Reflect.get(cells.global, key));
/** Node's own. */
let own: (Dispatcher | undefined)[] | undefined;

/**
 * Gives `fetch` new connections after an interrupt: with the jobs that it terminates V8 drops all that wait, and the keeper
 * of the old connections may wait for one of them for ever. Requests that are under way keep theirs.
 */
export function renewFetch(): void {
  const known = own;
  if (known === undefined || dispatchers().some((each, index) => each !== known[index])) return;
  let keeper: Dispatcher | undefined;
  own = known.map((each) => {
    if (each === undefined) return undefined;
    const { constructor: Class } = each;
    const same = keeper?.constructor === Class ? keeper : new Class(keeper);
    keeper ??= same;
    return same;
  });
  for (const [index, key] of KEYS.entries()) {
    if (own[index] !== undefined) Reflect.set(cells.global, key, own[index]);
  }
}
