import { cells } from "./cell-realm.js";

type Use = (exports: object) => void;

/** What is to be done with each package once it is loaded. */
const awaited = new Map<string, Use[]>();
const known = new WeakSet<object>();

/** The package that a request names, or that the file belongs to which `import()` has resolved it to. */
function packageOf(request: string): string | undefined {
  if (awaited.has(request)) return request;
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(request)?.[1]?.replace("\\", "/");
}

function watchLoader(): void {
  const loader = cells.modules.Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => {
    const exports = Reflect.apply(load, loader, [request, ...rest]);
    const uses = awaited.get(packageOf(request) ?? "");
    if (uses !== undefined && typeof exports === "object" && exports !== null && !known.has(exports)) {
      known.add(exports);
      for (const use of uses) use(exports);
    }
    return exports;
  };
}

/**
 * Has `use` called with what a CommonJS package exports, once for each copy of it, as soon as it is loaded. It is also
 * called with the exports of a single file of the package, where one is imported by itself.
 */
export function whenLoaded(name: string, use: Use): void {
  if (awaited.size === 0) watchLoader();
  awaited.set(name, [...(awaited.get(name) ?? []), use]);
}
