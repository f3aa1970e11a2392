import Module from "node:module";

/*
 * Node keeps a module that failed, and its error, for as long as the process lives. A next try is a module of another
 * URL, for it and for every module of its graph that failed; those that are well stay the one instance that they are.
 */

type Load<Namespace> = (url: string) => Promise<Namespace>;

interface Resolved {
  readonly url: string;
}
type ResolveHook = (
  specifier: string,
  context: { readonly parentURL?: string; readonly conditions?: readonly string[] },
  next: (specifier: string, context: object) => Resolved,
) => Resolved;
/** Since Node 22.15: older ones try the failed module itself again, but nothing that it imports. */
const { registerHooks } = Module as { readonly registerHooks?: (hooks: { resolve: ResolveHook }) => void };

/** How often each module has failed. */
const failures = new Map<string, number>();
/** What each module imports, as far as it was seen since one failed. */
const imported = new Map<string, Set<string>>();

const currentUrl = (url: string): string => {
  const count = failures.get(url);
  return count === undefined ? url : `${url}?again=${count}`;
};

const originalUrl = (url: string): string => url.replace(/\?again=\d+$/, "");

/** Nothing is watched as long as all goes well. */
function watch(): void {
  if (failures.size > 0) return;
  registerHooks?.({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith("file:") || !context.conditions?.includes("import")) return resolved;
      const parent = originalUrl(context.parentURL ?? "");
      const children = imported.get(parent) ?? new Set();
      imported.set(parent, children.add(originalUrl(resolved.url)));
      return { ...resolved, url: currentUrl(resolved.url) };
    },
  });
}

/** Imports a module; one that has failed, or that imports one that has, is loaded anew. */
export async function importAnew<Namespace>(url: string, load: Load<Namespace>): Promise<Namespace> {
  for (;;) {
    try {
      return await load(currentUrl(url));
    } catch (error) {
      watch();
      if (!(await noteFailures(url, load))) throw error;
    }
  }
}

/**
 * Notes which modules of a graph have failed.
 *
 * @returns whether one that the graph imports was not known to: it may have failed long ago, and is worth another try
 */
async function noteFailures(root: string, load: Load<unknown>): Promise<boolean> {
  let news = false;
  const seen = new Set([root]);
  // The set grows while it is gone through.
  for (const url of seen) {
    for (const child of imported.get(url) ?? []) seen.add(child);
    if (url !== root && !(await hasFailed(url, load))) continue;
    news ||= url !== root && !failures.has(url);
    failures.set(url, (failures.get(url) ?? 0) + 1);
  }
  return news;
}

/** Asks Node for a module that it knows: nothing of it runs again. */
async function hasFailed(url: string, load: Load<unknown>): Promise<boolean> {
  try {
    await load(currentUrl(url));
    return false;
  } catch {
    // The same error as before, which the importer is told of.
    return true;
  }
}
