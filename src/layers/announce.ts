import { display, displayTarget, escapeHtml, html } from "../display/index.js";
import { nativeOps } from "../recurrent-ops/index.js";

const announced = new Set<string>();

/**
 * Says, once in a process, which ops the recurrent layers run on: below the cell, or on a terminal's standard error.
 *
 * @param obstacle - what keeps a layer from the fused ops where they are built
 */
export function announceOps(obstacle: string | undefined): void {
  const ops = nativeOps();
  const kind = ops.available ? (obstacle ?? "") : "";
  if (announced.has(kind)) return;
  announced.add(kind);
  const message = `rnnlab: recurrent layers ${
    !ops.available
      ? `run on TensorFlow's own ops: ${ops.reason}`
      : obstacle === undefined
        ? `run on the fused ops (${ops.instructionSets[0]})`
        : `with ${obstacle} run on TensorFlow's own ops`
  }`;
  // Not a warning: test runners show these with where they come from.
  if (displayTarget() === "text") process.stderr.write(`${message}\n`);
  else void display(html(`<p role="status" style="opacity: 0.7">${escapeHtml(message)}</p>`, message));
}
