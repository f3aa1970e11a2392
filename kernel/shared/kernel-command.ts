import { helpQuestion } from "./help-question.js";
import { replayCommand } from "./replay-command.js";

/** Whether a cell is no code, but something that the kernel itself answers. */
export function isForKernel(code: string): boolean {
  return helpQuestion(code) !== undefined || replayCommand(code) !== undefined;
}
