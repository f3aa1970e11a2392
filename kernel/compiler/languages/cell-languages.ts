import type { Language } from "../../shared/language.js";
import type { CellLanguage } from "./cell-language.js";
import { javascriptCells } from "./javascript-cells.js";
import { typescriptCells } from "./typescript-cells.js";

/** How the cells of a language are compiled. */
export const cellLanguage = (language: Language): CellLanguage =>
  language === "typescript" ? typescriptCells : javascriptCells;
