/** The lines that a module begins with, where its cells need them. */
export interface Helpers {
  /** What the function is called that prints results; undefined where there are none. */
  readonly show: string | undefined;
  /** The object with the newest declarations, and its members. */
  readonly newest: { readonly name: string; readonly members: readonly string[] };
  /** Names that cells have and modules do not. */
  readonly outside: ReadonlySet<string>;
}

/** What the session gives to every cell, for a module that Node runs. */
const OF_CELLS: Readonly<Record<string, string>> = {
  require: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
  __dirname: "const __dirname = import.meta.dirname;",
  __filename: "const __filename = import.meta.filename;",
  alert: "const alert = (message?: unknown): void => console.log(message);",
  prompt: `const prompt = (message = "", preset = ""): string | null => askNow(message) || preset;`,
  confirm: `const confirm = (message = ""): boolean => /^y(es)?$/i.test(askNow(message));`,
  input: `const input = async (text = ""): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(text);
  } finally {
    lines.close();
  }
};`,
};

const ASK_NOW = `/** Reads a line that somebody types. */
function askNow(question: string): string {
  process.stdout.write(\`\${question} \`);
  const byte = Buffer.alloc(1);
  const line: number[] = [];
  while (readSync(0, byte) === 1 && byte[0] !== 10) line.push(byte[0] ?? 0);
  return Buffer.from(line).toString().trim();
}`;

const show = (name: string): string => `/** Prints the result of a cell as the notebook shows it in text. */
function ${name}(value: unknown): void {
  if (value === undefined) return;
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const display: unknown = isObject ? Reflect.get(value as object, Symbol.for("Jupyter.display")) : undefined;
  const bundle: unknown = typeof display === "function" ? Reflect.apply(display, value, []) : undefined;
  const text: unknown = Object(bundle)["text/plain"];
  console.log(typeof text === "string" ? text : inspect(value, { depth: 4 }));
}`;

/** Writes the lines that a module begins with. */
export function helperLines({ show: shown, newest, outside }: Helpers): string {
  const used = Object.keys(OF_CELLS).filter((name) => outside.has(name));
  const asks = used.includes("prompt") || used.includes("confirm");
  const parts = [
    ...(shown === undefined ? [] : ['import { inspect } from "node:util";']),
    ...(asks ? ['import { readSync } from "node:fs";'] : []),
    ...(used.includes("input") ? ['import { createInterface } from "node:readline/promises";'] : []),
    ...used.map((name) => OF_CELLS[name]),
    ...(asks ? [ASK_NOW] : []),
    ...(shown === undefined ? [] : [show(shown)]),
  ];
  if (newest.members.length > 0) {
    const members = newest.members.map((member) => `  ${member}\n`).join("");
    parts.push(
      `/** Functions see the newest declaration of a name, also one in a later cell. */\nconst ${newest.name} = {\n${members}};`,
    );
  }
  return parts.map((part) => `${part}\n`).join("");
}
