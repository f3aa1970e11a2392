import ts from "typescript";
import { library } from "../library/library.js";
import { rulesFor } from "../project/options.js";
import { asksForStrict } from "../project/strictness.js";
import { declarationsOf, directivesOf } from "../syntax/declarations.js";
import { isJsxCell, parseCell } from "../syntax/jsx.js";
import { isRequireCall } from "../syntax/module-syntax.js";
import { addUndeclared, undeclaredOf } from "../syntax/undeclared-names.js";
import type { CellLanguage } from "./cell-language.js";

/** Cells in TypeScript, checked by the options of their folder. */
export const typescriptCells: CellLanguage = {
  rulesFor,
  asksForStrict,
  globals: () => library().globals,
  readable: (source) => source,
  parse: parseCell,
  extensionOf: (file) => (isJsxCell(file) ? ".tsx" : ".ts"),
  declarationsOf(file, isKnown) {
    const declared = declarationsOf(file);
    if (isUnchecked(file.text)) addUndeclared(declared, file, isKnown);
    return declared;
  },
  prelude(file, declared) {
    // The cell is not checked: what it declares by assigning may become anything.
    const variables = undeclaredOf(declared).map((name) => `var ${name}: any; `);
    return requiredTypes(file) + variables.join("");
  },
  stops: () => true,
  checksModulesOf: (source) => !isUnchecked(source),
  present: (diagnostic) => diagnostic,
  hides: () => true,
  provides: () => false,
  mayAssignConstants: (source) => /@ts-(?:nocheck|ignore|expect-error)\b/.test(source),
  isPlain: false,
  surface: (header, source) => header + source,
  practice: [
    "const n: number = Number(process.version.length);\nn + 1",
    "function double(x: number): number {\n  return 2 * x;\n}\n[1, 2, 3].map(double)",
    "class Point {\n  constructor(readonly x: number, readonly y = 0) {}\n}\nconsole.log(new Point(1).x);",
    'import { join } from "node:path";\nfor (const name of ["a", "b"]) console.log(join("folder", name));',
    "interface Row { name: string; values: number[] }\nconst rows: Row[] = await Promise.resolve([]);\nrows.length",
    `type Pair = [name: string, value: number | undefined];
const pairs: Pair[] = [["a", 1], ...Object.entries({ b: 2, ...{ c: -3 } })];
const { limit = 1, ...others }: { limit?: number; unit?: string } = {};
async function total(scale?: number): Promise<number> {
  let sum = 0;
  const found = [];
  try {
    for (const [name, value = 0] of pairs) {
      if (!name || value < limit) continue;
      sum += value * (scale ?? 1);
      found.push(name);
    }
  } catch (error) {
    if (error instanceof Error && typeof error.cause === "string") throw error;
  }
  return sum > 1 && found.length !== 0 ? sum : -1;
}
const sum = await total();
while (pairs.length > 1) pairs.pop();
const texts = { sum: \`\${sum.toFixed(1)} \${others.unit?.trim() ?? ""}\` } as const;
texts.sum.split(" ")[0]`,
  ],
};

/** Whether nothing is checked in a cell: then it may do what a script may. */
const isUnchecked = (source: string): boolean =>
  directivesOf(source).some((directive) => directive.includes("@ts-nocheck"));

/** Declares what `require` gives for each module that the cell names in a call of it; `require` alone gives anything. */
function requiredTypes(file: ts.SourceFile): string {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isRequireCall(node)) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) names.add(argument.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (names.size === 0 || declarationsOf(file).has("require")) return "";
  const overloads = [...names].map((name) => {
    const text = JSON.stringify(name);
    return `(id: ${text}): typeof import(${text});`;
  });
  return `declare const require: { ${overloads.join(" ")} } & NodeJS.Require; `;
}
