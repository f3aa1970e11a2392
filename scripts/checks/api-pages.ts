import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportedNames, findExport, moduleFile, moduleNames } from "../../src/help/declarations.js";
import { isValue, modulePage, subjectPage } from "../../src/help/page.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";
import { anchorsOf } from "./links.js";

/** Where the reference of the modules is. */
export const apiFolder = join(packageRoot, "docs/api");

/** The reference says what the declarations say. */
export const apiIsCurrent: Check = {
  name: "docs/api is current",
  run: async () =>
    outdatedPages(apiPages(), readFolder(apiFolder)).map((page) => `${page}; run: npm run api`),
};

/**
 * Compares pages with those that are there.
 *
 * @param expected - what the pages must say, by file name
 * @param found - what they say
 * @returns one line for each page that differs
 */
export function outdatedPages(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names]
    .filter((name) => expected.get(name) !== found.get(name))
    .map((name) => {
      if (!found.has(name)) return `docs/api/${name} is missing`;
      return expected.has(name)
        ? `docs/api/${name} is not what the declarations say`
        : `docs/api/${name} is of no module`;
    });
}

/**
 * Writes the reference with the writer of `help()`.
 *
 * @returns the pages, by file name
 */
export function apiPages(): ReadonlyMap<string, string> {
  const modules = moduleNames();
  const code = (name: string) => `\`${name}\``;
  const names = (module: string) => namesOf(module, true).map(code);
  const list = modules.map((name) => `- [\`rnnlab/${name}\`](${name}.md): ${names(name).join(", ")}`);
  const index = [
    "# The modules",
    "Public is what stands here: what a module does not export may change at any time.",
    list.join("\n"),
    `\`import { … } from "rnnlab"\` has what notebooks use most: ${exportedNames(moduleFile("")).map(code).join(", ")}`,
    "These pages are made of the comments in the sources, by the writer of `help()`.",
  ];
  return new Map([
    ["README.md", pageOf(index)],
    ...modules.map((name) => [`${name}.md`, pageOf(moduleParts(name))] as const),
  ]);
}

function moduleParts(module: string): string[] {
  const names = [...namesOf(module, true), ...namesOf(module, false)];
  const headings = [`# rnnlab/${module}`, ...names.map((name) => `## ${name}`)];
  const anchors = [...anchorsOf(headings.join("\n"))];
  const anchorOf = (name: string): string => anchors[names.indexOf(name) + 1] ?? "";
  // The first line of the writer's list is the module's name.
  const list = modulePage(module).replace(/^.*\n\n/, "");
  return [
    `# rnnlab/${module}`,
    list.replace(/^- `(\w+)`/gm, (_, name: string) => `- [\`${name}\`](#${anchorOf(name)})`),
    ...names.map((name) => entry(module, name)),
  ];
}

function entry(module: string, name: string): string {
  const declarations = findExport(moduleFile(module), name);
  const page = subjectPage({ name, module: `rnnlab/${module}`, declarations, owner: undefined });
  return page.replace(/^.*/, `## ${name}`);
}

/** What a module exports: values, or types. */
function namesOf(module: string, values: boolean): string[] {
  const file = moduleFile(module);
  return exportedNames(file).filter((name) => findExport(file, name).some(isValue) === values);
}

const pageOf = (parts: readonly string[]): string => `${parts.join("\n\n")}\n`;

function readFolder(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
