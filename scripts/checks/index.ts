// Everything that is checked about the project besides its tests: add a check to this list.
import { apiIsCurrent } from "./api-pages.js";
import type { Check } from "./check.js";
import { notebooksAreClean } from "./clean-notebooks.js";
import { commandsExist } from "./commands.js";
import { commentsArePlain, tagsAreUniform } from "./comments.js";
import { constantsAreCapitals } from "./constants.js";
import { englishIsPlain } from "./english.js";
import { examplesRun } from "./examples.js";
import { exportsAreUsed } from "./exports.js";
import { otherLanguages } from "./formatters.js";
import { importsGoOneWay } from "./imports.js";
import { linksLead } from "./links.js";
import { formatAndLint, spelling, types } from "./tools.js";
import { notebooksSuitTslab } from "./tslab-notebooks.js";
import { notebooksTypeCheck } from "./typed-notebooks.js";

export { runChecks } from "./check.js";

/** The checks, in the order in which they run. */
export const checks: readonly Check[] = [
  formatAndLint,
  otherLanguages,
  types,
  importsGoOneWay,
  exportsAreUsed,
  notebooksAreClean,
  notebooksTypeCheck,
  notebooksSuitTslab,
  examplesRun,
  linksLead,
  commandsExist,
  englishIsPlain,
  spelling,
  apiIsCurrent,
  tagsAreUniform,
  commentsArePlain,
  constantsAreCapitals,
];
