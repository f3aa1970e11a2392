import assert from "node:assert/strict";
import type { KernelClient } from "./client.js";
import type { Execution } from "./execution.js";
import type { Dictionary, Message } from "./wire.js";

/** A variable as a debugger tells it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
}

/** A frame of stopped code. */
export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source: { readonly name: string; readonly path: string };
  readonly presentationHint?: string;
}

/** Speaks the Debug Adapter Protocol with a kernel, as a front end does. Its functions can be taken out of it. */
export class DebugClient {
  readonly #kernel: () => KernelClient;
  #sequence = 0;
  /** The events of stops that were waited for. */
  readonly #seen = new WeakSet<Message>();

  /** @param kernel - gives the running kernel */
  constructor(kernel: () => KernelClient) {
    this.#kernel = kernel;
  }

  /** Sends a request of the Debug Adapter Protocol; returns the reply. */
  readonly ask = async (command: string, given: Dictionary = {}): Promise<Dictionary> => {
    const seq = ++this.#sequence;
    const request = { type: "request", seq, command, arguments: given };
    const { content } = await this.#kernel().request("control", "debug_request", request);
    assert.equal(content.request_seq, seq);
    assert.equal(content.command, command);
    return content;
  };

  /** What a request that must succeed is answered with. */
  readonly body = async (command: string, given: Dictionary = {}): Promise<Dictionary> => {
    const reply = await this.ask(command, given);
    assert.ok(reply.success, `${command}: ${reply.message}`);
    return reply.body as Dictionary;
  };

  /** The message with which a request is refused. */
  readonly refused = async (command: string, given: Dictionary = {}): Promise<string> => {
    const reply = await this.ask(command, given);
    assert.equal(reply.success, false, `${command} was not refused`);
    return String(reply.message);
  };

  /** @param given - arguments of `attach` */
  readonly attach = async (given: Dictionary = {}): Promise<void> => {
    await this.body("initialize");
    await this.body("attach", given);
  };

  /** Waits until code is stopped; returns why. */
  readonly reason = async (): Promise<string> => {
    const message = await this.#kernel().waitFor(
      (each) =>
        each.header.msg_type === "debug_event" && each.content.event === "stopped" && !this.#seen.has(each),
      "stopped",
    );
    this.#seen.add(message);
    const { reason, text } = message.content.body as { reason: string; text?: string };
    return text === undefined ? reason : `${reason} (${text})`;
  };

  /** Waits until the kernel has said that code goes on which was stopped last. */
  readonly goneOn = async (): Promise<void> => {
    const last = this.#kernel().received.findLast((message) => this.#seen.has(message));
    assert.ok(last, "nothing was stopped");
    await this.#kernel().waitFor(
      (message) =>
        message.header.msg_type === "debug_event" &&
        message.content.event === "continued" &&
        Number(message.content.seq) > Number(last.content.seq),
      "continued",
    );
  };

  readonly stack = async (): Promise<readonly StackFrame[]> =>
    (await this.body("stackTrace", { threadId: 1 })).stackFrames as StackFrame[];

  /** Waits until code is stopped; returns why and where, the innermost frame first. The numbers of cells are left out. */
  readonly stopped = async (): Promise<string[]> => {
    const why = await this.reason();
    const frames = await this.stack();
    return [
      why,
      ...frames.map(({ name, line }) => `${name.replace(/(?: in |^)Cell In\[\d+\]$/, "") || "cell"}:${line}`),
    ];
  };

  /** Runs a cell with breakpoints on lines; does not wait for its end. */
  readonly start = async (
    code: string,
    breakpoints: readonly (number | Dictionary)[] = [],
  ): Promise<string> => {
    const { sourcePath: path } = await this.body("dumpCell", { code });
    const set = await this.body("setBreakpoints", {
      source: { path },
      breakpoints: breakpoints.map((each) => (typeof each === "number" ? { line: each } : each)),
    });
    for (const { verified, message } of set.breakpoints as Dictionary[]) assert.ok(verified, String(message));
    return this.#kernel().submit(code);
  };

  /** Lets a stopped cell go on; returns what it has come to. */
  readonly goOn = async (id: string): Promise<Execution> => {
    await this.body("continue", { threadId: 1 });
    return this.#kernel().finish(id);
  };

  readonly variablesOf = async (reference: number): Promise<Variable[]> =>
    (await this.body("variables", { variablesReference: reference })).variables as Variable[];

  /** The variables of a frame by scope, as "name = value". */
  readonly scopes = async (frameId: number): Promise<Record<string, string[]>> => {
    const { scopes } = await this.body("scopes", { frameId });
    const entries: [string, string[]][] = [];
    for (const { name, variablesReference } of scopes as Pick<Variable, "name" | "variablesReference">[]) {
      const variables = await this.variablesOf(variablesReference);
      entries.push([name, variables.map((each) => `${each.name} = ${each.value}`)]);
    }
    return Object.fromEntries(entries);
  };

  /** The variables of the notebook by name. */
  readonly panel = async (): Promise<Map<string, Variable>> => {
    const { variables } = await this.body("inspectVariables");
    return new Map((variables as Variable[]).map((each) => [each.name, each]));
  };

  /** How a variable is drawn. */
  readonly rich = async (variableName: string, given: Dictionary = {}): Promise<Dictionary> =>
    (await this.body("richInspectVariables", { variableName, ...given })).data as Dictionary;
}
