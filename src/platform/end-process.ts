/**
 * Ends a process by force, unless it has ended by itself.
 *
 * @param pid - its id
 */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Ends a process and all that belongs to its group, which Windows does not have.
 *
 * @param pid - the id of the process that leads the group
 */
export function endProcessGroup(pid: number): void {
  endProcess(process.platform === "win32" ? pid : -pid);
}
