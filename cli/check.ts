import { messageOf } from "../src/platform/message-of.js";
import { UsageError } from "../src/platform/usage-error.js";
import { parseArguments } from "./arguments.js";
import { checkNotebooks } from "./notebooks/check-notebooks.js";
import { findNotebooks, type NotebookFile, readNotebook } from "./notebooks/notebook-file.js";
import { FORMATS, reportFindings } from "./notebooks/report-findings.js";

/**
 * `rnnlab check`: type-checks notebooks and runs nothing.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 1 if a cell would be stopped or a notebook cannot be read
 * @throws {UsageError} when the arguments are wrong
 */
export async function check(args: readonly string[]): Promise<number> {
  const { paths, format } = readArguments(args);
  const notebooks: NotebookFile[] = [];
  let unreadable = 0;
  for (const path of findNotebooks(paths)) {
    try {
      notebooks.push(readNotebook(path));
    } catch (error) {
      unreadable++;
      console.error(`rnnlab: ${messageOf(error)}`);
    }
  }
  const checked = await checkNotebooks(notebooks);
  console.log(await reportFindings(checked, format));
  const stopped = checked.some(({ findings }) => findings.some(({ severity }) => severity === "error"));
  return stopped || unreadable > 0 ? 1 : 0;
}

function readArguments(args: readonly string[]) {
  const { values, positionals: paths } = parseArguments(args, {
    format: { type: "string" },
    json: { type: "boolean" },
  });
  const { json = false, format: given = json ? "json" : "text" } = values;
  if (json && given !== "json")
    throw new UsageError(`--json is --format json, got --format ${given} beside it`);
  const format = FORMATS.find((each) => each === given);
  if (format === undefined)
    throw new UsageError(`--format must be ${FORMATS.join(", ")}, got ${JSON.stringify(given)}`);
  if (paths.length === 0) throw new UsageError("check takes notebooks or folders");
  return { paths, format };
}
