import process from "node:process";
import type { HookCallbacks } from "node:v8";

/** What Node.js keeps of asynchronous contexts. */
interface AsyncWrap {
  readonly execution_async_resources: unknown[];

  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number; readonly kCheck: number };
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

const wrap = asyncWrap();

/** Has Node's stack of contexts outlive what cells do with the methods of arrays: each callback leaves it by `pop`. */
export function keepStackMethods(): void {
  if (wrap === undefined) return;
  for (const name of ["push", "pop"] as const)
    Object.defineProperty(wrap.execution_async_resources, name, { value: Array.prototype[name] });
}

/**
 * Keeps Node.js alive when code is terminated. It keeps a stack of contexts, which terminated code leaves unbalanced. It
 * looks at that stack between callbacks while it counts any hooks, and at the end of each callback while it is to check;
 * then it ends the process. Else the count only tells when the machinery of hooks is to be switched on and off: it is
 * switched on again with each new hook, which does no harm, and stays on.
 *
 * To be called around what may enable hooks, for instance with an `AsyncLocalStorage`. From Node.js 24 on that one needs
 * none, and where a cell has enabled others, Node.js checks.
 */
export function tolerateUnbalancedStack(): void {
  if (wrap === undefined) return;
  wrap.async_hook_fields[wrap.constants.kTotals] = 0;
  wrap.async_hook_fields[wrap.constants.kCheck] = 0;
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
  if (release <= 20) wrap?.setPromiseHooks(init, before, after, settled);
}
