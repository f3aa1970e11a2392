import { table } from "./finding.js";
import { examineJavaScript } from "./javascript.js";
import { examineJupyter } from "./jupyter.js";
import { examineMachine } from "./machine.js";

/**
 * Looks at every part that the notebooks need and prints a table.
 *
 * @param print - receives each line
 * @param options - `python`: the Python that has the kernels, where there is no `.venv`
 * @returns whether everything essential is healthy
 */
export async function examine(
  print: (line: string) => void,
  { python }: { python?: string | undefined } = {},
): Promise<boolean> {
  const groups = await Promise.all([examineJavaScript(), examineJupyter(python), examineMachine()]);
  const findings = groups.flat();
  for (const line of table(findings)) print(line);
  return findings.every((finding) => finding.health !== "broken");
}
