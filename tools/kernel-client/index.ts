/** A raw Jupyter client for black-box tests: sockets, process, the protocol's rules for every message. */
export { KernelClient, TimedOut } from "./client.js";
export { makeConnection, writeConnectionFile } from "./connection.js";
export { Conversation } from "./conversation.js";
export { DebugClient, type StackFrame, type Variable } from "./debug-client.js";
export { Execution, plain } from "./execution.js";
export { interrupted } from "./interrupted.js";
export { KernelProcess, kernelCommand } from "./kernel-process.js";
export { Lifecycle } from "./lifecycle.js";
export { violations } from "./message-spec.js";
export { notebookFolder } from "./notebook-folder.js";
export { isAlive, processorTime, processTree, residentMemory } from "./process-tree.js";
export { installKernel, type JupyterHome, python, run } from "./python.js";
export { SLOW_TO_CHECK } from "./slow-to-check.js";
export { until } from "./until.js";
export { useJupyterHome } from "./use-jupyter-home.js";
export { useKernel } from "./use-kernel.js";
export { dict, update, WidgetPage } from "./widget-page.js";
export { type Dictionary, decode, frameMessage, type Message, makeHeader, sign } from "./wire.js";
