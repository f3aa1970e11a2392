/**
 * What runs WebAssembly, as the W3C's JavaScript interface has it; Node's own types leave it to those of browsers. It says
 * `any` where those do: a notebook that has both must find them equal.
 */
const ALWAYS = `
/** What runs WebAssembly, as the W3C's JavaScript interface has it; Node's own types leave it to those of browsers. */
declare namespace WebAssembly {
  type ImportExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ValueType = "anyfunc" | "externref" | "f32" | "f64" | "i32" | "i64" | "v128";
  type ImportValue = Function | Global | Memory | Table | number | bigint;
  type Imports = Record<string, Record<string, ImportValue>>;
  interface Module { readonly [Symbol.toStringTag]: string }
  const Module: {
    prototype: Module;
    new (bytes: ArrayBuffer | ArrayBufferView): Module;
    customSections(module: Module, name: string): ArrayBuffer[];
    exports(module: Module): { name: string; kind: ImportExportKind }[];
    imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
  };
  interface Instance { readonly exports: Record<string, any> }
  const Instance: { prototype: Instance; new (module: Module, imports?: Imports): Instance };
  interface Memory { readonly buffer: ArrayBuffer; grow(pages: number): number }
  const Memory: {
    prototype: Memory;
    new (descriptor: { initial: number; maximum?: number; shared?: boolean }): Memory;
  };
  interface Table {
    readonly length: number;
    get(index: number): any;
    grow(by: number, value?: any): number;
    set(index: number, value?: any): void;
  }
  const Table: {
    prototype: Table;
    new (descriptor: { element: "anyfunc" | "externref"; initial: number; maximum?: number }, value?: any): Table;
  };
  interface Global { value: any; valueOf(): any }
  const Global: { prototype: Global; new (descriptor: { value: ValueType; mutable?: boolean }, value?: any): Global };
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  interface Instantiated { readonly module: Module; readonly instance: Instance }
  function compile(bytes: ArrayBuffer | ArrayBufferView): Promise<Module>;
  function instantiate(bytes: ArrayBuffer | ArrayBufferView, imports?: Imports): Promise<Instantiated>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function validate(bytes: ArrayBuffer | ArrayBufferView): boolean;
}
`;

/** What only newer versions of V8 have, by the member that tells. */
const NEWER: Readonly<Record<string, string>> = {
  compileStreaming: `
  function compileStreaming(source: Response | PromiseLike<Response>): Promise<Module>;
  function instantiateStreaming(
    source: Response | PromiseLike<Response>,
    imports?: Imports,
  ): Promise<Instantiated>;`,
  Tag: `
  interface Tag { readonly [Symbol.toStringTag]: string }
  const Tag: { prototype: Tag; new (descriptor: { parameters: ValueType[] }): Tag };`,
  Exception: `
  interface Exception { readonly stack?: string; getArg(tag: Tag, index: number): any; is(tag: Tag): boolean }
  const Exception: {
    prototype: Exception;
    new (tag: Tag, payload: readonly any[], options?: { traceStack?: boolean }): Exception;
  };`,
  JSTag: `
  const JSTag: Tag;`,
  promising: `
  interface Suspending { readonly [Symbol.toStringTag]: string }
  const Suspending: { prototype: Suspending; new (code: Function): Suspending };
  function promising(exported: Function): (...args: any[]) => Promise<any>;`,
  SuspendError: `
  class SuspendError extends Error {}`,
};

/** Asked when a compiler starts: where its start-up snapshot is made, there is no WebAssembly. */
export function webAssembly(): string {
  const there = Object(Reflect.get(globalThis, "WebAssembly")) as object;
  const newer = Object.entries(NEWER).filter(([member]) => member in there);
  const memory =
    "toResizableBuffer" in Object(Reflect.get(Object(Reflect.get(there, "Memory")) as object, "prototype"))
      ? "\n  interface Memory { toFixedLengthBuffer(): ArrayBuffer; toResizableBuffer(): ArrayBuffer }"
      : "";
  return `${ALWAYS}declare namespace WebAssembly {${newer.map(([, text]) => text).join("")}${memory}\n}\n`;
}
