import type { CellSurface } from "../../shared/compiler-messages.js";
import type { CellText } from "../cells/cell-text.js";
import { footerOf, knownEnds, type OpenEnd } from "../cells/open-variables.js";
import type { CellLanguage } from "../languages/cell-language.js";
import { augments, directivesOf } from "../syntax/declarations.js";
import type { CheckedCell } from "./examined.js";

/** A cell as it stands in the file that is checked. */
export interface CellParts {
  readonly cell: CellText;
  /** What stands before it. */
  readonly header: string;
  /** What closes it. */
  readonly body: string;
  /** The open variables that it declares or changes. */
  readonly ends: ReadonlyMap<string, OpenEnd>;
  /** Its declarations of modules without types, which are taken out of it. */
  readonly ambient: ReadonlyMap<string, string>;
}

/** A cell that was checked, and whether it may run. */
interface Judged {
  readonly serial: number;
  readonly source: string;
  readonly parts: CellParts;
  readonly checked: CheckedCell;
  readonly refused: boolean;
}

/** What later cells see of a cell: the cell as it was checked. */
export function surfaceOf(
  language: CellLanguage,
  { serial, source, parts, checked: { program, current }, refused }: Judged,
): CellSurface {
  const { cell, header, body, ends, ambient } = parts;
  const { file, declared } = cell;
  return {
    serial,
    refused,
    declared,
    open: knownEnds(ends, serial, program.getTypeChecker(), current),
    augmenting: augments(file),
    ambient,
    source,
    text: language.surface(header, body + footerOf(ends), declared),
    kind: language.extensionOf(file),
    written: undefined,
  };
}

/** What they see where the cell's declarations could be written down. */
export function withDeclarations(surface: CellSurface, declarations: string | undefined): CellSurface {
  const { source, text, kind } = surface;
  if (declarations === undefined || kind === ".d.ts") return surface;
  return {
    ...surface,
    text: [...directivesOf(source), declarations].join("\n"),
    kind: ".d.ts",
    written: { text, kind },
  };
}
