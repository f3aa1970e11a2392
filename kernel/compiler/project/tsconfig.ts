import { dirname } from "node:path";
import ts from "typescript";
import { packageName } from "../../shared/public-packages.js";
import { stampOf } from "../library/file-stamp.js";
import { syntaxErrorsOf } from "../syntax/syntax-errors.js";

/** What a folder's tsconfig says. */
export interface Tsconfig {
  /** The nearest one; undefined where there is none. */
  readonly path: string | undefined;
  readonly options: ts.CompilerOptions;
  /** Whether it, or a file that it extends, cannot be read as JSON. */
  readonly broken: boolean;
  /** What is wrong with it, in sentences. */
  readonly problems: readonly string[];
  /** What each file that was looked for was like: if one changes, all of this may. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** Reads the nearest `tsconfig.json` of a folder and those that it extends. */
export function readTsconfig(folder: string): Tsconfig {
  const stamps = new Map<string, string>();
  const noting =
    <Found>(look: (path: string) => Found) =>
    (path: string): Found => {
      stamps.set(path, stampOf(path));
      return look(path);
    };
  const host: ts.ParseConfigHost & ts.ModuleResolutionHost = {
    ...ts.sys,
    fileExists: noting(ts.sys.fileExists),
    readFile: noting(ts.sys.readFile),
    directoryExists: noting(ts.sys.directoryExists),
    // Only the options matter, not which files belong to the project.
    readDirectory: () => [],
  };
  const path = ts.findConfigFile(folder, host.fileExists);
  if (path === undefined) return { path, options: {}, broken: false, problems: [], stamps };
  const source = ts.readJsonConfigFile(path, host.readFile);
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, host, dirname(path), {}, path);
  const errors = [...syntaxErrorsOf(source), ...parsed.errors].filter(({ code }) => !ABOUT_FILES.has(code));
  // The whole file is in there, too.
  const { configFile: _, ...options } = parsed.options;
  const missing = (options.types ?? []).filter((name) => {
    if (name === "node" || name === "*") return false;
    return (
      ts.resolveTypeReferenceDirective(name, path, options, host).resolvedTypeReferenceDirective === undefined
    );
  });
  return {
    path,
    options,
    broken: errors.some(({ code }) => isSyntax(code)),
    problems: [
      ...new Set(errors.map((error) => describe(error, path))),
      ...missing.map((name) => `Cannot find the types "${name}" that ${path} names; ${remedy(name, path)}`),
    ],
    stamps,
  };
}

/** That a project has no files: cells are not among them anyway. */
const ABOUT_FILES: ReadonlySet<number> = new Set([18002, 18003]);
const CANNOT_READ = 5083;

/** Whether the parser has found an error, or there was nothing for it to read. */
const isSyntax = (code: number): boolean => (code >= 1000 && code < 2000) || code === CANNOT_READ;

function describe({ file, start, messageText }: ts.Diagnostic, path: string): string {
  const line = file && start !== undefined && file.getLineAndCharacterOfPosition(start).line + 1;
  const place = `${file?.fileName ?? path}${line === undefined ? "" : `, line ${line}`}`;
  return `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}

function remedy(name: string, path: string): string {
  if (/^\.{1,2}\//.test(name)) return "there is no such file";
  const wanted = name.startsWith("@") || name.includes("/") ? packageName(name) : `@types/${name}`;
  return `run npm install --save-dev ${wanted} in ${dirname(path)}`;
}
