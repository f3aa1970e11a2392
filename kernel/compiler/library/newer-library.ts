/**
 * What Node.js has and no declarations of TypeScript's or of Node's say, or only together with what it has not: the text,
 * and whether it is so. `WebAssembly` stands in `web-assembly.ts`. They say `any` where the declarations do that they are
 * added to.
 */
const PARTS: readonly (readonly [declarations: string, isThere: () => boolean])[] = [
  [
    `interface ArrayBuffer {
  /** Whether the buffer can be resized. */
  readonly resizable: boolean;
  /** How long the buffer can become, in bytes. */
  readonly maxByteLength: number;
  /** Changes the length of the buffer. */
  resize(newByteLength?: number): void;
}
interface ArrayBufferConstructor { new (byteLength: number, options?: { maxByteLength?: number }): ArrayBuffer }`,
    () => "resize" in ArrayBuffer.prototype && !("transfer" in ArrayBuffer.prototype),
  ],
  [
    `interface JSON {
  /** Makes a value that \`JSON.stringify\` writes as the text, which must be JSON of a primitive value. */
  rawJSON(text: string): { readonly rawJSON: string };
  /** Whether a value was made by \`JSON.rawJSON\`. */
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
  parse(
    text: string,
    reviver: (this: any, key: string, value: any, context: { readonly source?: string }) => any,
  ): any;
}`,
    () => "rawJSON" in JSON,
  ],
  [
    `interface IteratorConstructor {
  /** An iterator over the values of several iterables, one after the other. */
  concat<Values extends readonly Iterable<unknown>[]>(
    ...iterables: Values
  ): IteratorObject<Values[number] extends Iterable<infer Value> ? Value : never, undefined, unknown>;
}`,
    () => "concat" in Object(Reflect.get(globalThis, "Iterator")),
  ],
  [
    `declare namespace Intl {
  interface PluralRules {
    /** The plural category of a range of numbers. */
    selectRange(start: number | bigint, end: number | bigint): LDMLPluralRule;
  }
}`,
    () => isIntlMember("PluralRules", "selectRange"),
  ],
  [
    "declare namespace Intl { interface Locale { readonly firstDayOfWeek?: string } }",
    () => isIntlMember("Locale", "firstDayOfWeek"),
  ],
  [
    `declare namespace Intl {
  interface Locale {
    readonly calendars: string[];
    readonly collations: string[];
    readonly hourCycles: string[];
    readonly numberingSystems: string[];
    readonly timeZones: string[] | undefined;
    readonly textInfo: { direction: "ltr" | "rtl" };
    readonly weekInfo: { firstDay: number; weekend: number[]; minimalDays?: number };
  }
}`,
    () => isIntlMember("Locale", "weekInfo"),
  ],
  [
    `declare namespace Intl {
  interface Locale {
    getCalendars(): string[];
    getCollations(): string[];
    getHourCycles(): string[];
    getNumberingSystems(): string[];
    getTimeZones(): string[] | undefined;
    getTextInfo(): { direction?: "ltr" | "rtl" };
    getWeekInfo(): { firstDay: number; weekend: number[] };
  }
}`,
    // TypeScript has these together with Temporal.
    () => isIntlMember("Locale", "getWeekInfo") && !("Temporal" in globalThis),
  ],
  [
    webGlobals("node:crypto", ["webcrypto.Crypto", "webcrypto.CryptoKey", "webcrypto.SubtleCrypto"]),
    () => major < 24,
  ],
  [webGlobals("node:perf_hooks", ["Performance"]), () => major < 26],
];

const major = Number.parseInt(process.versions.node, 10);

/** Declares as globals what the types of that Node.js only know as members of a module. */
function webGlobals(module: string, members: readonly string[]): string {
  const declarations = members.map((member) => {
    const name = member.replace(/^.*\./, "");
    return `  type _${name} = typeof globalThis extends { onmessage: any } ? {} : import("${module}").${member};
  global {
    interface ${name} extends _${name} {}
    var ${name}: typeof globalThis extends { onmessage: any; ${name}: infer T } ? T : { prototype: ${name}; new (): ${name} };
  }`;
  });
  // A module, so that its own names are nobody else's.
  return `declare module "rnnlab:${module}" {\n${declarations.join("\n")}\n}`;
}

function isIntlMember(name: string, member: string): boolean {
  const intl: unknown = Reflect.get(globalThis, "Intl");
  const { prototype } = Object(Reflect.get(Object(intl) as object, name)) as { readonly prototype?: object };
  return prototype !== undefined && member in prototype;
}

/** Asked when a compiler starts: where its start-up snapshot is made, the library is not whole. */
export const newerLibrary = (): string =>
  PARTS.filter(([, isThere]) => isThere())
    .map(([declarations]) => `${declarations}\n`)
    .join("");
