type Use = (exports: object) => void;

/** What is to be done with each package once it is loaded. */
const awaited = new Map<string, Use[]>();
const known = new WeakSet<object>();

/** The package that a file belongs to. */
const packageOf = (file: string): string =>
  /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]?.replace("\\", "/") ?? "";

/** Tells that a file of a package has been loaded. */
export function announceLoaded(file: string, exports: unknown): void {
  const uses = awaited.get(packageOf(file));
  if (uses === undefined || typeof exports !== "object" || exports === null || known.has(exports)) return;
  known.add(exports);
  for (const use of uses) use(exports);
}

/**
 * Has `use` called with what a CommonJS package exports, once for each copy of it, as soon as it is loaded. It is also
 * called with the exports of every single file of the package.
 */
export function whenLoaded(name: string, use: Use): void {
  awaited.set(name, [...(awaited.get(name) ?? []), use]);
}
