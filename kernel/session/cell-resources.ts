import { ChildProcess } from "node:child_process";
import type { Socket as DatagramSocket } from "node:dgram";
import { subscribe } from "node:diagnostics_channel";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import type { Worker } from "node:worker_threads";
import { bindCallback, currentCell, farewell, type RunningCell } from "./cell-context.js";
import { cells } from "./cell-realm.js";
import { callGuarded, interruptibly } from "./guarded-call.js";
import type { CellOrigin } from "./protocol.js";

type Close = (cell: RunningCell) => void;

/** What each cell has opened, and how it is closed. */
const opened = new WeakMap<CellOrigin, Set<Close>>();
/** Forgets what is garbage, of which there is nothing to close. */
const collected = new FinalizationRegistry<() => void>((forget) => forget());

function remember<Resource extends object>(resource: Resource, close: (resource: Resource) => void): void {
  const origin = currentCell()?.origin;
  if (origin === undefined) return;
  const reference = new WeakRef(resource);
  const closing: Close = (cell) => {
    const open = reference.deref();
    if (open !== undefined) farewell(cell, open, () => close(open));
  };
  const known = opened.get(origin) ?? new Set();
  opened.set(origin, known.add(closing));
  collected.register(resource, () => known.delete(closing));
}

/**
 * From here on servers, child processes and workers end with the cell that has opened them when it is interrupted,
 * and what it waits for in callbacks does not come.
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

/**
 * Closes what an interrupted cell has opened. Connections to servers are left alone: libraries keep them for other cells,
 * and one that is at its work of opening another would not go on.
 */
export function closeResources(cell: RunningCell, failed: (error: unknown) => void): void {
  const resources = opened.get(cell.origin);
  if (resources === undefined) return;
  opened.delete(cell.origin);
  for (const close of resources) {
    try {
      interruptibly(() => callGuarded(() => close(cell)));
    } catch (error) {
      failed(error);
    }
  }
}

/** Has a module's functions never call back into a dead cell; classes and what calls back at once need nothing. */
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
    Object.defineProperties(bound, Object.getOwnPropertyDescriptors(call));
    Object.assign(module, { [name]: bound });
  }
}
