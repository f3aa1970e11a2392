const AGAIN = "then: npx rnnlab setup";

/** What pip and uv say, and what puts it right. The first that fits counts. */
const REPAIRS: readonly (readonly [said: RegExp, repair: string])[] = [
  [
    /Requires-Python|different python version|requires a different Python|current Python version/i,
    `set RNNLAB_PYTHON to a Python from 3.10 to 3.14; ${AGAIN}`,
  ],
  [/No space left on device|os error 28/i, `free 400 MB on the disk of this folder; ${AGAIN}`],
  [/Permission denied|Read-only file system/i, `let your user write to this folder; ${AGAIN}`],
];

/**
 * The repair where Python packages could not be installed.
 *
 * @param output - what the installer printed
 * @returns an instruction, which is about the network unless the installer gave another reason
 */
export function pipRepair(output: string): string {
  const found = REPAIRS.find(([said]) => said.test(output));
  return (
    found?.[1] ?? `check the connection to the Python package index (pip config list shows which), ${AGAIN}`
  );
}
