import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { formatWithTypeScript } from "./typescript-formatter.js";

/** Formats code. */
export interface Formatter {
  readonly name: string;
  /**
   * @param code - that parses
   * @param extension - of a file with such code
   */
  format(code: string, extension: string): Promise<string>;
}

const BIOME = {
  package: "@biomejs/biome",
  files: ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"],
};
const PRETTIER = {
  package: "prettier",
  files: [
    ...["", ".json", ".yml", ".yaml", ".json5", ".toml", ".js", ".mjs", ".cjs", ".ts"].map(
      (extension) => `.prettierrc${extension}`,
    ),
    ...[".js", ".mjs", ".cjs", ".ts"].map((extension) => `prettier.config${extension}`),
  ],
};

/**
 * The formatter that a folder has: the one whose configuration is nearest, or else one that is installed, or else
 * TypeScript's own.
 *
 * @param folder - an absolute path
 * @throws {Error} when there is a configuration of one that is not installed
 */
export function findFormatter(folder: string): Formatter {
  const configured = nearest(folder);
  for (const kind of configured === undefined ? [BIOME, PRETTIER] : [configured.kind]) {
    const manifest = manifestOf(kind.package, folder);
    if (manifest !== undefined) return kind === BIOME ? biome(manifest, folder) : prettier(manifest, folder);
  }
  if (configured === undefined) return { name: "TypeScript", format: formatWithTypeScript };
  const { file, kind } = configured;
  throw new Error(
    `Cannot format: ${file} asks for ${kind.package}, which is not installed; run npm install --save-dev ${kind.package}`,
  );
}

/** The configuration of a formatter that is nearest to a folder. */
function nearest(folder: string) {
  for (let at = folder; ; at = dirname(at)) {
    for (const kind of [BIOME, PRETTIER]) {
      const file = kind.files.map((name) => join(at, name)).find(existsSync);
      if (file !== undefined) return { kind, file };
    }
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && "prettier" in JSON.parse(readFileSync(manifest, "utf8")))
      return { kind: PRETTIER, file: manifest };
    if (dirname(at) === at) return undefined;
  }
}

/** The package.json of a package that a folder can use. */
function manifestOf(name: string, folder: string): string | undefined {
  const folders = createRequire(join(folder, "cell.js")).resolve.paths(name) ?? [];
  return folders.map((each) => join(each, name, "package.json")).find(existsSync);
}

function biome(manifest: string, folder: string): Formatter {
  const program = join(dirname(manifest), "bin/biome");
  return {
    name: "Biome",
    async format(code, extension) {
      const args = [program, "format", "--stdin-file-path", join(folder, `cell${extension}`)];
      const child = spawn(process.execPath, args, { cwd: folder, stdio: "pipe" });
      child.stdin.end(code);
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      const [formatted, complaint, status] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        ended,
      ]);
      if (status !== 0) throw new Error(`Cannot format: Biome has failed: ${complaint.trim()}`);
      return formatted;
    },
  };
}

/** What is used of Prettier. */
interface Prettier {
  resolveConfig(file: string): Promise<object | null>;
  format(code: string, options: object): Promise<string>;
}

function prettier(manifest: string, folder: string): Formatter {
  return {
    name: "Prettier",
    async format(code, extension) {
      const entry = createRequire(manifest).resolve(dirname(manifest));
      const loaded = (await import(pathToFileURL(entry).href)) as Prettier & { readonly default?: Prettier };
      const { format, resolveConfig } = loaded.default ?? loaded;
      const file = join(folder, `cell${extension}`);
      return format(code, { ...(await resolveConfig(file)), filepath: file });
    },
  };
}
