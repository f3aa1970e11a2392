/** Declares what the session offers to every cell besides Node's own globals. */
export const GLOBALS = `
/**
 * Asks the person at the notebook for a line of text, and waits for it.
 *
 * @param message - the question
 * @param preset - what an empty answer stands for
 * @returns the answer
 */
declare function prompt(message?: string, preset?: string): string | null;

/**
 * Shows a message below the cell.
 *
 * @param message - any value
 */
declare function alert(message?: unknown): void;

/**
 * Asks the person at the notebook a question, and waits for the answer.
 *
 * @param message - the question
 * @returns true for the answers \`y\` and \`yes\`
 */
declare function confirm(message?: string): boolean;

/**
 * Asks the person at the notebook for a line of text, while timers and promises go on.
 *
 * @param text - the question
 * @param options - with \`password: true\` what is typed stays hidden
 * @returns a promise of the answer
 */
declare function input(text?: string, options?: { readonly password?: boolean }): Promise<string>;

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

/** What is written into the name itself has no types. */
declare module "data:*";
`;
