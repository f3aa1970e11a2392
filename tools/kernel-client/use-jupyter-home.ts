import assert from "node:assert/strict";
import { after, before } from "node:test";
import { installKernel, type JupyterHome } from "./python.js";

/**
 * A folder with the kernel's specification for all tests of a file, where Jupyter looks for it.
 *
 * @returns a function that gives it
 */
export function useJupyterHome(): () => JupyterHome {
  let home: JupyterHome | undefined;
  before(async () => {
    home = await installKernel();
  });
  after(() => home?.remove());
  return () => {
    assert.ok(home, "the kernel was not installed");
    return home;
  };
}
