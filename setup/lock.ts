import { release, withFileLock } from "../src/platform/file-lock.js";
import { undoOnExit } from "./exit.js";

/**
 * Does a piece of work of a command that only one process may do at a time; others wait until it is done. The lock is
 * released, too, when Ctrl-C ends the command.
 *
 * @param path - the lock file, which exists only meanwhile; that of a process that died is taken over
 * @param work - what to do
 * @param onWait - called once with the id of the process that holds the lock
 * @returns what the work returns
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (pid: number) => void,
): Promise<T> {
  const guarded = async (): Promise<T> => {
    const keep = undoOnExit(() => release(path));
    try {
      return await work();
    } finally {
      keep();
    }
  };
  return await withFileLock(path, guarded, onWait);
}
