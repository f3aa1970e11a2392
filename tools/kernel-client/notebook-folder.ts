import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** A notebook's folder outside the project, for the tests of one file. */
export interface NotebookFolder {
  readonly path: string;
  write(path: string, text: string): void;
  /** Makes a package in its `node_modules`, of a `package.json` and other files. */
  writePackage(name: string, manifest: object, files: Readonly<Record<string, string>>): void;
}

/** Makes a folder that is removed after the file's tests; its name begins with a prefix. */
export function notebookFolder(prefix: string): NotebookFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  after(() => rmSync(path, { recursive: true, force: true }));
  const write = (name: string, text: string): void => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const writePackage: NotebookFolder["writePackage"] = (name, manifest, files) => {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", ...manifest }));
    for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
  };
  return { path, write, writePackage };
}
