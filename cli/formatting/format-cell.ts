import { cellLanguage } from "../../kernel/compiler/languages/cell-languages.js";
import { wrappingOf } from "../../kernel/compiler/syntax/object-cell.js";
import { syntaxErrorsOf } from "../../kernel/compiler/syntax/syntax-errors.js";
import { isForKernel } from "../../kernel/shared/kernel-command.js";
import type { Language } from "../../kernel/shared/language.js";
import { magicCell } from "../../kernel/shared/magics.js";
import type { Formatter } from "./find-formatter.js";

/**
 * Formats a cell. Questions, cells that do not parse, and such as are nothing but an object, which a formatter would take
 * for a block, stay as they are. So does the end of the last statement, with or without its semicolon.
 *
 * @param source - the cell
 * @returns its new text
 */
export async function formatCell(source: string, language: Language, formatter: Formatter): Promise<string> {
  const { parse, extensionOf } = cellLanguage(language);
  const file = parse(source);
  const isFixed =
    source.trim() === "" ||
    isForKernel(source) ||
    magicCell(source) !== undefined ||
    syntaxErrorsOf(file).length > 0 ||
    wrappingOf(source, parse).before !== "";
  if (isFixed) return source;
  const formatted = (await formatter.format(source, extensionOf(file))).trimEnd();
  const last = file.statements.at(-1);
  const isOpen =
    last !== undefined && !last.getText(file).endsWith(";") && source.trimEnd().length === last.end;
  return isOpen && formatted.endsWith(";") ? formatted.slice(0, -1) : formatted;
}
