import type { Execution } from "../kernel-client/index.js";
import { KernelClient, processTree } from "../kernel-client/index.js";
import type { KernelChoice } from "./kernel-choice.js";
import { demand, Failure } from "./tally.js";

/** How long an answer may take before the kernel counts as hung, in ms: generous, machines are busy. */
export const HUNG = 20_000;

/** The one kernel that is tried at a time; the next try gets another when this one has ended or hangs. */
export class KernelSlot {
  #client: KernelClient | undefined;
  #prepared = false;

  constructor(
    readonly choice: KernelChoice,
    readonly folder: string,
    readonly env: Record<string, string> = {},
  ) {}

  /**
   * The kernel, started and prepared if there is none that can be used.
   *
   * @param preamble - a cell that runs once in each kernel
   */
  async get(preamble?: string): Promise<KernelClient> {
    if (this.#client?.unusable) await this.close();
    if (this.#client === undefined) {
      this.#prepared = false;
      const { command } = this.choice;
      this.#client = await KernelClient.start({ command, cwd: this.folder, env: this.env });
    }
    if (preamble !== undefined && !this.#prepared) {
      await expectOk(this.#client, preamble);
      this.#prepared = true;
    }
    return this.#client;
  }

  /** The preamble is to run again: its variables are gone. */
  renew(): void {
    this.#prepared = false;
  }

  /** Whether there is a kernel that can go on. */
  get usable(): boolean {
    return this.#client?.unusable === false;
  }

  /** Ends the kernel and all its processes by force. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }

  /** The kernel's processes now; empty when there is none. */
  tree(): number[] {
    const client = this.#client;
    return client === undefined || client.process.exit !== undefined ? [] : processTree(client.process.pid);
  }

  /** Forgets what was received, so that memory does not grow; fails if a message of ours was against the protocol. */
  settle(): void {
    const client = this.#client;
    if (client === undefined) return;
    const found = client.violations.splice(0);
    client.received.length = 0;
    const fine = found.length === 0 || !this.choice.own;
    demand(fine, "lost", () => `against the protocol: ${found.slice(0, 3).join("; ")}`);
  }
}

/** Runs a cell that must succeed. */
export async function expectOk(client: KernelClient, code: string): Promise<Execution> {
  const cell = await client.execute(code, { timeout: HUNG });
  demand(cell.status === "ok", "lost", () => `a cell failed: ${cell.traceback || cell.status}\n${code}`);
  return cell;
}

/** Runs a cell whose result must be this text. */
export async function expectResult(client: KernelClient, code: string, result: string): Promise<void> {
  const cell = await expectOk(client, code);
  if (cell.result !== result) throw new Failure("lost", `${code}: expected ${result}, got ${cell.result}`);
}
