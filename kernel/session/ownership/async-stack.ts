import process from "node:process";
import type { HookCallbacks } from "node:v8";

/** What Node.js keeps of asynchronous contexts. */
interface AsyncWrap {
  readonly execution_async_resources: unknown[];

  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number };
  clearAsyncIdStack(): void;
  setPromiseHooks(...hooks: readonly unknown[]): void;
}

const release = Number.parseInt(process.versions.node, 10);

function asyncWrap(): AsyncWrap | undefined {
  // Later ones give it to nobody.
  if (release >= 24) return undefined;
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding(name: string): AsyncWrap }).binding("async_wrap");
  } finally {
    process.noDeprecation = before;
  }
}

const found = asyncWrap();
/** Versions after 20 need nothing of what is done with it here. */
const wrap = release > 20 ? undefined : found;

/** Has Node's stack of contexts outlive what cells do with the methods of arrays: each callback leaves it by `pop`. */
export function keepStackMethods(): void {
  if (found === undefined) return;
  for (const name of ["push", "pop"] as const)
    Object.defineProperty(found.execution_async_resources, name, { value: Array.prototype[name] });
}

/**
 * Keeps Node.js 20 alive when promise jobs are terminated in a session that uses `AsyncLocalStorage`: it then keeps a
 * stack of contexts, which terminated code leaves unbalanced, and aborts the process for that. It looks at the stack
 * only while it counts any hooks. Else the count only tells when the machinery of hooks is to be switched on and off: it
 * is switched on again with each new hook, which does no harm, and stays on. To be called before any job.
 */
export function tolerateUnbalancedStack(): void {
  if (wrap !== undefined) wrap.async_hook_fields[wrap.constants.kTotals] = 0;
}

/** To be called after code was terminated: what it left on the stack would be the context of all that follows. */
export function balanceStack(): void {
  wrap?.clearAsyncIdStack();
}

/**
 * Leaves these as the only hooks on promises: Node adds others to asynchronous hooks, and they cost every `await` as much
 * again.
 */
export function keepPromiseHooks({ init, before, after, settled }: Partial<HookCallbacks>): void {
  wrap?.setPromiseHooks(init, before, after, settled);
}
