import type { ErrorReport } from "./session-messages.js";

const EVALUE = "the cell was interrupted";

/** The error of a cell that an interrupt has stopped, while it was compiled or while it ran. */
export const INTERRUPT_REPORT: ErrorReport = {
  ename: "KeyboardInterrupt",
  evalue: EVALUE,
  traceback: [`KeyboardInterrupt: ${EVALUE}`],
};
