// Everything that is checked about the project besides its tests: add a check to this list.
import { apiIsCurrent } from "./api-pages.js";
import type { Check } from "./check.js";
import { notebooksAreClean } from "./clean-notebooks.js";
import { commandsExist } from "./commands.js";
import { parametersHaveDashes } from "./comments.js";
import { englishIsPlain } from "./english.js";
import { examplesRun } from "./examples.js";
import { linksLead } from "./links.js";
import { formatAndLint, types } from "./tools.js";
import { notebooksSuitTslab } from "./tslab-notebooks.js";
import { notebooksTypeCheck } from "./typed-notebooks.js";

export { type Check, runChecks, type Totals } from "./check.js";

/** The checks, in the order in which they run. */
export const checks: readonly Check[] = [
  formatAndLint,
  types,
  notebooksAreClean,
  notebooksTypeCheck,
  notebooksSuitTslab,
  examplesRun,
  linksLead,
  commandsExist,
  englishIsPlain,
  apiIsCurrent,
  parametersHaveDashes,
];
