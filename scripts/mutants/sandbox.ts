import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";

/** What is not looked at through a link: what is compiled is changed, and npm looks for the project's name in its own file. */
const LEFT_OUT = ["out", ".git", "dist", "package.json"];

/** A second place of the project whose compiled files can be changed, while everything else is the project's own. */
export class Sandbox {
  readonly #options: ts.CompilerOptions;

  /** @param folder - where it is; what was there before is lost */
  constructor(readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(packageRoot)) {
      if (!LEFT_OUT.includes(name)) symlinkSync(join(packageRoot, name), join(folder, name));
    }
    for (const name of ["package.json", ...compiledFolders()])
      cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
    const { config } = ts.readConfigFile(join(packageRoot, "tsconfig.json"), ts.sys.readFile);
    this.#options = ts.parseJsonConfigFileContent(config, ts.sys, packageRoot).options;
  }

  /**
   * Compiles another text in the place of a source.
   *
   * @param source - the source's path in the project
   * @param text - the other text
   * @returns a function that puts the compiled file back; nothing if the text compiles to the same
   */
  replace(source: string, text: string): (() => void) | undefined {
    const path = join(this.folder, "dist", source.replace(/\.ts$/, ".js"));
    const before = readFileSync(path, "utf8");
    const compile = (code: string) =>
      ts.transpileModule(code, { compilerOptions: { ...this.#options, sourceMap: false }, fileName: source })
        .outputText;
    const after = compile(text);
    if (after === compile(readFileSync(join(packageRoot, source), "utf8"))) return undefined;
    writeFileSync(path, after);
    return () => writeFileSync(path, before);
  }

  /** Makes the start-up snapshots of the compiler that a kernel of this place looks for. */
  async makeSnapshots(): Promise<void> {
    const script = join(this.folder, "dist/scripts/mutants/make-snapshots.js");
    await runCommand(process.execPath, [script], { cwd: this.folder });
  }

  /** The path of a compiled test. */
  compiled(test: string): string {
    const path = join(this.folder, "dist/test", test.replace(/\.ts$/, ".js"));
    if (!existsSync(path)) throw new Error(`Cannot run mutants: ${path} must be built, got none`);
    return path;
  }
}

/** Those with a folder of sources: what else is beside them may go at any moment. */
function compiledFolders(): string[] {
  return readdirSync(join(packageRoot, "dist"))
    .filter((name) => existsSync(join(packageRoot, name)))
    .map((name) => join("dist", name));
}
