import { AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import process from "node:process";

/** Knows whose a callback is that Node itself calls: of sockets, child processes, workers, files and the like. */
export interface NativeContext<Owner extends object> {
  /** Whose code began what is calling back now. */
  owner(): Owner | undefined;
  /** Runs code so that all it begins calls back as its owner's. */
  run<Result>(owner: Owner | undefined, code: () => Result): Result;
  /** Gives what calls back about a socket another owner. */
  adopt(socket: object, owner: Owner): void;
  /** Says that nobody's code is running. */
  leave(): void;
}

/** Node's own part of a socket, on which its data comes. */
interface Handle {
  asyncReset?(resource: object): void;
}

const handleOf = (socket: object): Handle | undefined => (socket as { readonly _handle?: Handle })._handle;

const FLAG = "--experimental-async-context-frame";
/**
 * From Node 24 on, and on Node 22 where it is asked for, V8 itself carries what `AsyncLocalStorage` keeps, and that outlives
 * terminated code. Before, it costs every `await` as much again, and Node aborts when terminated code leaves its stack.
 */
const carried = Number.parseInt(process.versions.node, 10) >= 24 || process.execArgv.includes(FLAG);

/** These remember their owner themselves. */
const OTHERS = new Set(["PROMISE", "TickObject", "Timeout", "Immediate", "Microtask"]);

/** @param current - whose code is running, as far as others than Node have called it */
export function nativeContext<Owner extends object>(current: () => Owner | undefined): NativeContext<Owner> {
  const context = carried ? new CarriedContext<Owner>() : new HookedContext<Owner>(current);
  // A connection is made by Node and nobody's code: it belongs to its server.
  subscribe("net.server.socket", (message) => {
    const { socket } = message as { readonly socket: Socket };
    const owner = current() ?? context.owner();
    if (owner !== undefined) context.adopt(socket, owner);
  });
  return context;
}

class CarriedContext<Owner extends object> implements NativeContext<Owner> {
  readonly #storage = new AsyncLocalStorage<Owner | undefined>();

  owner(): Owner | undefined {
    try {
      return this.#storage.getStore();
    } catch {
      // Node keeps contexts in maps of the cells' realm, which they may have broken: then nobody is known.
      return undefined;
    }
  }

  run<Result>(owner: Owner | undefined, code: () => Result): Result {
    const before = this.owner();
    this.#enter(owner);
    try {
      return code();
    } finally {
      this.#enter(before);
    }
  }

  leave(): void {
    if (this.owner() !== undefined) this.#enter(undefined);
  }

  #enter(owner: Owner | undefined): void {
    try {
      this.#storage.enterWith(owner);
    } catch {
      // The same: the code runs all the same, and what Node calls back is the latest cell's.
    }
  }

  adopt(socket: object, owner: Owner): void {
    const handle = handleOf(socket);
    this.run(owner, () => handle?.asyncReset?.(handle));
  }
}

class HookedContext<Owner extends object> implements NativeContext<Owner> {
  readonly #owners = new WeakMap<object, Owner>();

  constructor(current: () => Owner | undefined) {
    const init = (_id: number, type: string, _trigger: number, resource: object): void => {
      if (OTHERS.has(type)) return;
      const owner = current() ?? this.owner();
      if (owner !== undefined) this.#owners.set(resource, owner);
    };
    createHook({ init }).enable();
  }

  owner(): Owner | undefined {
    return this.#owners.get(executionAsyncResource());
  }

  run<Result>(_owner: Owner | undefined, code: () => Result): Result {
    return code();
  }

  leave(): void {}

  adopt(socket: object, owner: Owner): void {
    const handle = handleOf(socket);
    if (handle) this.#owners.set(handle, owner);
  }
}
