import Module from "node:module";

/** Has `use` called with what a CommonJS package exports, once for each copy of it, as soon as it is loaded. */
export function whenLoaded(name: string, use: (exports: object) => void): void {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  const known = new WeakSet<object>();
  loader._load = (request, ...rest) => {
    const exports = Reflect.apply(load, Module, [request, ...rest]);
    if (request === name && typeof exports === "object" && exports !== null && !known.has(exports)) {
      known.add(exports);
      use(exports);
    }
    return exports;
  };
}
