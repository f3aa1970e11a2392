// Messages between a notebook's cells and code in the front end, such as widgets, in both directions.

export type { Comm, CommExtras, CommHandler, CommHost, CommMessage, CommOpenHandler } from "../host/comm.js";
export { openComm, registerCommTarget, unregisterCommTarget } from "./comm.js";
