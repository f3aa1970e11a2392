/** A raw Jupyter client for black-box tests: sockets, process, the protocol's rules for every message. */
export { KernelClient, TimedOut } from "./client";
export { type Connection, makeConnection, writeConnectionFile } from "./connection";
export { Conversation } from "./conversation";
export { Execution, plain } from "./execution";
export { interrupted } from "./interrupted";
export { KernelProcess, kernelCommand, projectRoot } from "./kernel-process";
export { Lifecycle } from "./lifecycle";
export { violations } from "./message-spec";
export { type NotebookFolder, notebookFolder } from "./notebook-folder";
export { isAlive, processTree } from "./process-tree";
export { installKernel, type JupyterHome, type Outcome, python, run } from "./python";
export { SLOW_TO_CHECK } from "./slow-to-check";
export { until } from "./until";
export { useKernel } from "./use-kernel";
export { type Dictionary, decode, frameMessage, type Message, makeHeader, sign } from "./wire";
