import { posix } from "node:path";
import ts from "typescript";
import type { Check } from "./check.js";
import { readSources } from "./sources.js";

/** In each folder the files and folders import each other in one direction, imports of types included. */
export const importsGoOneWay: Check = {
  name: "files and folders import each other in one direction",
  run: async () => circularImports(readSources()),
};

/** That an entry of a folder imports another one, with the files that do so. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly files: string;
}

/**
 * Finds files and folders that import each other, directly or through others of their folder.
 *
 * @param sources - the text of each file, by its path
 * @returns one line an arrow of a circle
 */
export function circularImports(sources: ReadonlyMap<string, string>): string[] {
  const folders = new Map<string, Map<string, Arrow>>();
  for (const [path, text] of sources) {
    for (const target of importsOf(path, text)) {
      if (!sources.has(target) || target === path) continue;
      const { folder, from, to } = parting(path, target);
      const arrows = folders.get(folder) ?? new Map<string, Arrow>();
      const key = `${from} ${to}`;
      folders.set(folder, arrows.set(key, arrows.get(key) ?? { from, to, files: `${path} → ${target}` }));
    }
  }
  return [...folders].flatMap(([folder, arrows]) =>
    [...arrows.values()]
      .filter(({ from, to }, _, all) => leadsTo(to, from, all))
      .map(({ from, to, files }) => `${folder || "."}: ${from} imports ${to}, which leads back (${files})`),
  );
}

function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(posix.dirname(path), fileName))
    .flatMap((target) => [target.replace(/\.js$/, ".ts"), `${target}.ts`, `${target}/index.ts`]);
}

/** The folder that two files have in common, and what each of them is in there. */
function parting(path: string, target: string): { folder: string; from: string; to: string } {
  const [ours, theirs] = [path.split("/"), target.split("/")];
  const depth = ours.findIndex((part, index) => part !== theirs[index]);
  return {
    folder: ours.slice(0, depth).join("/"),
    from: ours[depth] ?? "",
    to: theirs[depth] ?? "",
  };
}

/** Whether imports lead from an entry to another one. */
function leadsTo(start: string, goal: string, arrows: readonly Arrow[]): boolean {
  const reached = new Set([start]);
  // The set grows while it is gone through.
  for (const entry of reached) for (const { from, to } of arrows) if (from === entry) reached.add(to);
  return reached.has(goal);
}
