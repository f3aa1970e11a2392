import { ChildProcess } from "node:child_process";
import type { Socket as DatagramSocket } from "node:dgram";
import { subscribe } from "node:diagnostics_channel";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import type { Worker } from "node:worker_threads";
import type { CellOrigin } from "../../shared/session-messages.js";
import { asSession, callGuarded, interruptibly } from "../interrupts/guarded-call.js";
import { afterFarewells, bindCallback, currentCell, farewell, runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";
import { trackConnections } from "./connections.js";

/** What a cell has opened, and how it is closed. */
interface Opened {
  owner: CellOrigin;
  readonly reference: WeakRef<object>;
  readonly close: (resource: object) => void;
}

const opened = new WeakMap<CellOrigin, Set<Opened>>();
const known = new WeakMap<object, Opened>();
const forget = (record: Opened): void => void opened.get(record.owner)?.delete(record);
/** Forgets what is garbage: there is nothing left to close. */
const collected = new FinalizationRegistry<Opened>(forget);

/** Closes a resource when its cell is interrupted: the one that has used it last. */
function remember<Resource extends object>(
  resource: Resource,
  close: (resource: Resource) => void,
  cell = currentCell(),
): void {
  if (cell === undefined) return;
  const record = known.get(resource) ?? recordOf(resource, close, cell.origin);
  forget(record);
  record.owner = cell.origin;
  opened.set(cell.origin, (opened.get(cell.origin) ?? new Set()).add(record));
}

function recordOf<Resource extends object>(
  resource: Resource,
  close: (resource: Resource) => void,
  owner: CellOrigin,
): Opened {
  const record = { owner, reference: new WeakRef(resource), close: close as Opened["close"] };
  known.set(resource, record);
  collected.register(resource, record);
  return record;
}

/**
 * From here on servers, connections, child processes and workers end with the cell that has opened them when it is
 * interrupted, and what it waits for in callbacks does not come.
 */
export function trackResources(): void {
  const { crypto, dns, fs, zlib } = cells.modules;
  for (const module of [fs, dns, crypto, zlib]) bindCallbacks(module);
  const { listen } = net.Server.prototype as unknown as { listen: (...args: unknown[]) => net.Server };
  Object.assign(net.Server.prototype, {
    listen(this: net.Server, ...args: unknown[]) {
      remember(this, closeServer);
      return Reflect.apply(listen, this, args);
    },
  });
  subscribe("net.server.socket", (message) =>
    remember((message as { readonly socket: net.Socket }).socket, (socket) => socket.destroy()),
  );
  subscribe("udp.socket", (message) =>
    remember((message as { readonly socket: DatagramSocket }).socket, (socket) => socket.close()),
  );
  trackConnections(remember);
  trackChildren();
  subscribe("worker_threads", (message) =>
    remember((message as { readonly worker: Worker }).worker, (worker) => void worker.terminate()),
  );
  syncBuiltinESMExports();
}

/** What all ways to start a child come to, with the options that they have worked out. */
type Spawn = (options: { readonly detached?: boolean }) => unknown;

function trackChildren(): void {
  const prototype = ChildProcess.prototype as unknown as { spawn: Spawn };
  const { spawn } = prototype;
  Object.assign(prototype, {
    spawn(this: ChildProcess, options: Parameters<Spawn>[0]): unknown {
      const result = Reflect.apply(spawn, this, [options]);
      remember(this, options.detached ? closePipes : interruptChild);
      return result;
    },
  });
}

/** As Ctrl-C in a terminal does, which does not reach a detached child. */
function interruptChild(child: ChildProcess): void {
  child.kill("SIGINT");
  closePipes(child);
}

/** A child that has nobody to write to ends, if it does not first. */
function closePipes(child: ChildProcess): void {
  for (const stream of child.stdio ?? []) stream?.destroy();
}

function closeServer(server: net.Server): void {
  if (server.listening) server.close();
}

/** Closes what an interrupted cell has opened, and what it opens when it hears of that. */
export function closeResources(cell: RunningCell, failed: (error: unknown) => void): void {
  closeAll(cell, farewell, failed);
  afterFarewells(() => asSession(() => closeAll(cell, closeUnheard, failed)));
}

const closeUnheard: typeof farewell = (cell, _resource, close) => runInCell(cell, close);

function closeAll(cell: RunningCell, closing: typeof farewell, failed: (error: unknown) => void): void {
  const resources = opened.get(cell.origin) ?? [];
  opened.delete(cell.origin);
  for (const { reference, close } of resources) {
    const resource = reference.deref();
    if (resource === undefined) continue;
    try {
      interruptibly(() => callGuarded(() => closing(cell, resource, () => close(resource))));
    } catch (error) {
      failed(error);
    }
  }
}

/** Keeps a module's functions from calling back into a dead cell; classes and what calls back at once need nothing. */
function bindCallbacks(module: object): void {
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    if (typeof value !== "function" || writable !== true || !/^[a-z]/.test(name)) continue;
    const call = value as (...args: unknown[]) => unknown;
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      const last = args.length - 1;
      const callback = args[last];
      if (typeof callback === "function") args[last] = bindCallback(callback as typeof call);
      return Reflect.apply(call, this, args);
    };
    Object.assign(module, { [name]: inPlaceOf(call, bound) });
  }
}
