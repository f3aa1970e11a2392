import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder that is removed after the test. */
export function temporaryFolder(context: Pick<TestContext, "after">): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rnnlab-test-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable shell script. */
export function writeScript(path: string, lines: string): string {
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}
