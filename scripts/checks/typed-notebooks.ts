import { join } from "node:path";
import { checkNotebooks } from "../../cli/notebooks/check-notebooks.js";
import { findNotebooks, readNotebook } from "../../cli/notebooks/notebook-file.js";
import { reportFindings } from "../../cli/notebooks/report-findings.js";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Check } from "./check.js";

/** Where the project has notebooks. */
const FOLDERS = ["notebooks", "docs/examples"];

/** Every cell compiles in its turn, as `rnnlab check` has it, with the project's strict settings. */
export const notebooksTypeCheck: Check = {
  name: "notebook cells are strictly typed",
  run: async () => {
    const paths = findNotebooks(FOLDERS.map((folder) => join(packageRoot, folder)));
    const checked = await checkNotebooks(paths.map(readNotebook));
    return checked.every(({ findings }) => findings.length === 0)
      ? []
      : [await reportFindings(checked, "text")];
  },
};
