import { library } from "../library/library.js";
import { compilerEnvironment, type SnapshotKind } from "./snapshot.js";
import { TENSOR_CELLS } from "./tensor-cells.js";

/** The cells that a snapshot has checked, besides those that every compiler practises with. */
const CELLS: Readonly<Record<SnapshotKind, readonly string[]>> = { compiler: [], tensors: TENSOR_CELLS };

/** The environment in which the script makes a snapshot of a kind. */
export const snapshotEnvironment = (kind: SnapshotKind): NodeJS.ProcessEnv => ({
  ...compilerEnvironment(process.env),
  RNNLAB_SNAPSHOT: JSON.stringify({ cells: CELLS[kind], library: library() }),
});
