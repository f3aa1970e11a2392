import { shadowing } from "../../shared/shadowed-names.js";
import { cells } from "../realm/cell-realm.js";

/**
 * The `module` and `exports` that cells of plain JavaScript have, as a script of Node's has them. They go by other names,
 * since packages that saw them would take themselves for such modules, too.
 */
export function moduleGlobals(require: NodeJS.Require, filename: string): Readonly<Record<string, unknown>> {
  const module = new cells.modules.Module(filename);
  module.filename = filename;
  module.paths = require.resolve.paths("package") ?? [];
  return { [shadowing("module")]: module, [shadowing("exports")]: module.exports };
}
