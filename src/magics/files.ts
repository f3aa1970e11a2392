import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Changes the folder of the process, and prints which it is now, as `%cd` does.
 *
 * @param folder - the folder; nothing only prints
 * @throws {Error} when there is no such folder
 * @example
 * ```ts
 * import { cd } from "rnnlab/magics";
 * cd("");
 * ```
 */
export function cd(folder: string): void {
  if (folder !== "") process.chdir(folder);
  console.log(process.cwd());
}

/**
 * Prints what is in a folder, as `%ls` does; folders end with a slash.
 *
 * @param folder - the folder; nothing means that of the process
 * @throws {Error} when it cannot be read
 * @example
 * ```ts
 * import { ls } from "rnnlab/magics";
 * ls("");
 * ```
 */
export function ls(folder: string): void {
  const entries = readdirSync(folder || ".", { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  console.log(names.sort().join("\n"));
}

/**
 * Shows or sets environment variables of the process, as `%env` does.
 *
 * @param text - nothing, a name, or a name and a value with a space or `=` between them
 * @throws {Error} when there is no such variable
 * @example
 * ```ts
 * import { env } from "rnnlab/magics";
 * env("GREETING=hello"); // prints GREETING=hello
 * ```
 */
export function env(text: string): void {
  const [, name = "", value] = /^([^\s=]*)(?:\s*=\s*|\s+|$)(.+)?$/.exec(text) ?? [];
  if (name === "") {
    const lines = Object.entries(process.env).map(([each, its]) => `${each}=${its}`);
    console.log(lines.sort().join("\n"));
    return;
  }
  if (value !== undefined) process.env[name] = value;
  const now = process.env[name];
  if (now === undefined)
    throw new Error(`Cannot show the variable: name must be one that is set, got ${name}`);
  console.log(`${name}=${now}`);
}

/**
 * Writes a text to a file, and prints which, as `%%writefile` does.
 *
 * @param argument - the file's path, after `-a` for what is to be added at its end
 * @param text - the text
 * @throws {Error} when there is no path, or the file cannot be written
 * @example
 * ```ts
 * import { tmpdir } from "node:os";
 * import { writeFile } from "rnnlab/magics";
 * writeFile(`${tmpdir()}/greeting.txt`, "hello\n");
 * ```
 */
export function writeFile(argument: string, text: string): void {
  const [, append, file = ""] = /^(-a(?:\s+|$))?(.*)$/.exec(argument) ?? [];
  if (file === "")
    throw new Error("Cannot write the file: %%writefile must be followed by its path, got nothing");
  const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  if (append === undefined) writeFileSync(file, ended);
  else appendFileSync(file, ended);
  console.log(`${append === undefined ? "Wrote" : "Added to"} ${resolve(file)}`);
}
