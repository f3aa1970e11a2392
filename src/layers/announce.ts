import { display, displayTarget, escapeHtml, html } from "../display/index.js";
import { nativeOps } from "../recurrent-ops/index.js";

let announced = false;

/** Says, once in a process, which ops the recurrent layers run on: below the cell, or on a terminal's standard error. */
export function announceOps(): void {
  if (announced) return;
  announced = true;
  const ops = nativeOps();
  const message = ops.available
    ? `rnnlab: recurrent layers run on the fused ops (${ops.instructionSets[0]})`
    : `rnnlab: recurrent layers run on TensorFlow's own ops: ${ops.reason}`;
  // Not a warning: test runners show these with where they come from.
  if (displayTarget() === "text") process.stderr.write(`${message}\n`);
  else void display(html(`<p role="status" style="opacity: 0.7">${escapeHtml(message)}</p>`, message));
}
