import type { IopubPublisher } from "../protocol/publisher.js";
import type { Header, Json } from "../protocol/wire.js";
import type { replayCommand } from "../shared/replay-command.js";

/** A request to show again what was put out, and the moment at which it comes. */
export interface ReplayRequest {
  readonly request: { readonly code: string; readonly silent: boolean };
  /** Its header. */
  readonly parent: Header;
  readonly executionCount: number;
  /** The header of the cell that runs, if one does. */
  readonly running: Header | undefined;
  /** Waits until that cell has ended. */
  whenDone(): Promise<void>;
}

/**
 * Shows again what a cell has put out and, if it is the one that runs, what it puts out from here on.
 *
 * @param wish - which cell, and since when
 * @param request - asks for it
 * @param iopub - has what was put out
 * @returns the reply
 */
export async function showAgain(
  wish: NonNullable<ReturnType<typeof replayCommand>>,
  { request: { code, silent }, parent, executionCount, running: header, whenDone }: ReplayRequest,
  iopub: IopubPublisher,
): Promise<Json> {
  const reply = { status: "ok", execution_count: executionCount, user_expressions: {}, payload: [] };
  if (silent) return reply;
  const { kept } = iopub;
  void iopub.publish("execute_input", { code, execution_count: executionCount }, parent);
  if ("complaint" in wish) {
    iopub.remark(wish.complaint, parent);
    return reply;
  }
  const running = kept.cellOf(header);
  const cell = wish.cell === undefined && running !== undefined ? running : kept.find(wish.cell, undefined);
  if (cell === undefined || cell !== running || cell.outputs.size > 0) iopub.replay(cell, wish, parent);
  if (cell !== undefined && cell === running) {
    const end = iopub.follow(cell, parent);
    await whenDone();
    end();
  }
  return reply;
}
