import { dirname, resolve } from "node:path";
import { messageOf } from "../src/platform/message-of.js";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";
import { findFormatter } from "./formatting/find-formatter.js";
import { formatCell } from "./formatting/format-cell.js";
import { documentOf } from "./notebooks/notebook-document.js";
import { findNotebooks, readNotebook } from "./notebooks/notebook-file.js";
import { writeNotebook } from "./notebooks/write-notebook.js";

/**
 * `rnnlab format`: formats the cells of notebooks with the formatter that their folder has.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 1 if a notebook cannot be read or, with `--check`, is not formatted
 * @throws {UsageError} when the arguments are wrong
 */
export async function format(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, { check: { type: "boolean" } });
  if (positionals.length === 0) throw new UsageError("format takes notebooks or folders");
  const onlyCheck = values.check ?? false;
  let failed = false;
  for (const path of findNotebooks(positionals)) {
    try {
      const { changed, formatter } = await formatNotebook(path, onlyCheck);
      if (changed > 0 && onlyCheck) failed = true;
      const cells = `${changed} ${changed === 1 ? "cell" : "cells"}`;
      const done = onlyCheck ? "to be formatted" : "formatted";
      console.log(`${path}: ${changed === 0 ? "nothing to format" : `${cells} ${done}`} (${formatter})`);
    } catch (error) {
      failed = true;
      console.error(`rnnlab: ${messageOf(error)}`);
    }
  }
  return failed ? 1 : 0;
}

async function formatNotebook(path: string, onlyCheck: boolean) {
  const notebook = readNotebook(path);
  const formatter = findFormatter(dirname(resolve(path)));
  const document = documentOf(notebook);
  let changed = 0;
  for (const { number, source } of notebook.cells) {
    const cell = document.cells[number - 1];
    const formatted = await formatCell(source, notebook.language, formatter);
    if (cell === undefined || formatted === source) continue;
    cell.source = formatted;
    changed++;
  }
  if (changed > 0 && !onlyCheck) writeNotebook(path, document);
  return { changed, formatter: formatter.name };
}
