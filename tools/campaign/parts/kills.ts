import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KernelClient } from "../../kernel-client/index.js";
import { expectOk, expectResult, HUNG } from "../kernel-slot.js";
import type { Language } from "../languages/index.js";
import { commandLine, compilerOf, eventually, processesWith, sessionOf } from "../machine.js";
import type { Part, Round } from "../round.js";
import { demand } from "../tally.js";

/** What the kernel is doing when something happens to it. */
const states = ["idle", "busy", "printing", "awaiting", "waiting for a program", "with programs"] as const;
type State = (typeof states)[number];

/** The processes of our kernel; of another kernel only the first is known. */
interface Roles {
  readonly kernel: number;
  readonly session: number;
  readonly compiler: number;
}

interface Scene {
  readonly round: Round;
  readonly client: KernelClient;
  readonly roles: Roles;
  /** The cell that runs, if one does. */
  readonly running: string | undefined;
}

interface Blow {
  readonly name: string;
  /** Whether the kernel must end by it; otherwise it must go on. */
  readonly ends?: boolean;
  /** Whether it is for our processes, which others do not have. */
  readonly own?: boolean;
  readonly states?: readonly State[];
  readonly strike: (scene: Scene) => Promise<void>;
}

const signals = ["SIGKILL", "SIGTERM"] as const;

const blows: readonly Blow[] = [
  ...signals.map((signal) => ({
    name: `kernel ${signal}`,
    ends: true,
    strike: async ({ roles }: Scene) => void process.kill(roles.kernel, signal),
  })),
  {
    name: "kernel stopped, then killed",
    ends: true,
    strike: async ({ roles }) => {
      process.kill(roles.kernel, "SIGSTOP");
      await delay(100);
      process.kill(roles.kernel, "SIGKILL");
    },
  },
  ...[false, true].map((restart) => ({
    name: restart ? "restart requested" : "shutdown requested",
    ends: true,
    strike: async ({ client }: Scene) => {
      const id = await client.send("control", "shutdown_request", { restart });
      await client.replyTo(id, "control", HUNG);
    },
  })),
  ...signals.map((signal) => ({
    name: `session ${signal}`,
    own: true,
    strike: async ({ round, roles, client, running }: Scene) => {
      process.kill(roles.session, signal);
      if (running !== undefined) await endsWithError(client, running);
      else await noticed(round, client);
    },
  })),
  {
    name: "session stopped, then interrupted twice",
    own: true,
    states: ["busy", "printing", "awaiting", "waiting for a program"],
    strike: async ({ roles, client, running }) => {
      process.kill(roles.session, "SIGSTOP");
      await client.send("control", "interrupt_request", {});
      // The second interrupt counts once the kernel has said that the first had no effect.
      await delay(3500);
      await client.send("control", "interrupt_request", {});
      if (running !== undefined) await endsWithError(client, running);
    },
  },
  {
    name: "session stopped, then shutdown requested",
    ends: true,
    own: true,
    strike: async ({ roles, client }) => {
      process.kill(roles.session, "SIGSTOP");
      await client.send("control", "shutdown_request", { restart: false });
    },
  },
  {
    name: "session stopped, kernel killed, session continued",
    ends: true,
    own: true,
    strike: async ({ roles }) => {
      process.kill(roles.session, "SIGSTOP");
      await delay(50);
      process.kill(roles.kernel, "SIGKILL");
      await delay(50);
      process.kill(roles.session, "SIGCONT");
    },
  },
  ...signals.map((signal) => ({
    name: `compiler ${signal}`,
    own: true,
    states: ["idle"] as const,
    strike: async ({ roles }: Scene) => void process.kill(roles.compiler, signal),
  })),
  {
    name: "compiler stopped, then shutdown requested",
    ends: true,
    own: true,
    strike: async ({ roles, client }) => {
      process.kill(roles.compiler, "SIGSTOP");
      await client.submit("1 + 1");
      await client.send("control", "shutdown_request", { restart: false });
    },
  },
];

/** Every blow in every state once a round, at random moments; then cells whose compiler dies. */
export const kills: Part = {
  weight: 4,
  run: async (round) => {
    const tries = blows
      .filter(({ own }) => round.kernel.own || !own)
      .flatMap((blow) => (blow.states ?? states).map((state) => ({ blow, state })));
    for (const { blow, state } of round.random("order").shuffled(tries)) {
      const label = `${blow.name}, ${state}`;
      await round.attempt(blow.name, (note) => strikeOnce(round, blow, state, label, note), label);
    }
    if (!round.kernel.own) return;
    for (const signal of signals) {
      for (let turn = 0; turn < 5; turn++) {
        const kind = `compiler ${signal} during a cell`;
        const label = `${kind}, ${turn}`;
        await round.attempt(kind, (note) => innocentCell(round, signal, label, note), label);
      }
    }
  },
};

async function strikeOnce(
  round: Round,
  blow: Blow,
  state: State,
  label: string,
  note: (milliseconds: number) => void,
): Promise<void> {
  const random = round.random(label);
  const client = await round.kernels.get(round.language.preamble(join(round.folder, "scratch"), ""));
  const before = new Set(client.process.tree());
  // A time that no other process sleeps.
  const seconds = `9${process.pid}.${random.integer(1e6)}${round.number}`;
  const running = await enter(state, round.language, client, seconds);
  await delay(random.integer(200));
  const roles = rolesOf(round, client);
  try {
    const start = performance.now();
    await blow.strike({ round, client, roles, running });
    if (blow.ends) await ends(client);
    else await expectResult(client, round.language.sum([20, 22]), "42");
    note(performance.now() - start);
    // The session is gone in every case but the compiler's, with its variables and programs.
    if (!blow.name.startsWith("compiler")) {
      round.kernels.renew();
      await noSleeps(seconds);
    }
    if (blow.ends) return await round.kernels.close();
    await noMoreProcesses(round, before.size);
    round.kernels.settle();
  } finally {
    for (const pid of processesWith(seconds)) process.kill(pid, "SIGKILL");
  }
}

/** Brings the kernel into a state; returns the cell that runs then. */
async function enter(
  state: State,
  language: Language,
  client: KernelClient,
  seconds: string,
): Promise<string | undefined> {
  if (state === "idle") return undefined;
  if (state === "with programs") {
    await expectOk(client, language.startSleeps(seconds, 3));
    await sleeps(seconds);
    return undefined;
  }
  const codes = { busy: language.busy, printing: language.printing, awaiting: language.awaiting };
  const code = state === "waiting for a program" ? language.awaitSleep(seconds) : codes[state];
  const id = await client.submit(`${language.start}\n${code}`);
  await client.streamed(id, "started");
  if (state === "waiting for a program") await sleeps(seconds);
  return id;
}

const sleeps = (seconds: string) =>
  eventually(
    () => processesWith(seconds).length > 0,
    HUNG,
    "lost",
    () => "the cell's program did not start",
  );

async function noSleeps(seconds: string): Promise<void> {
  await eventually(
    () => processesWith(seconds).length === 0,
    HUNG,
    "left over",
    () => `${processesWith(seconds).length} programs of the cells still live`,
  );
}

/** Which process does what: by its command line. */
function rolesOf({ kernel }: Round, client: KernelClient): Roles {
  const tree = client.process.tree();
  const [root = Number.NaN] = tree;
  if (!kernel.own) return { kernel: root, session: Number.NaN, compiler: Number.NaN };
  return { kernel: root, session: sessionOf(tree), compiler: compilerOf(tree) };
}

async function endsWithError(client: KernelClient, id: string): Promise<void> {
  const cell = await client.finish(id, HUNG);
  demand(cell.status === "error", "lost", () => `the running cell ended with ${cell.status}`);
}

/** A cell that reaches a dying session may end with it, and says so; the next one runs. */
async function noticed(round: Round, client: KernelClient): Promise<void> {
  const cell = await client.execute(round.language.sum([1, 2]), { timeout: HUNG });
  const told = cell.status === "ok" || cell.error?.ename === "SessionEnded";
  demand(told, "lost", () => `a cell in a dying session ended with ${cell.traceback}`);
}

/** The kernel and all that it started must end. */
async function ends(client: KernelClient): Promise<void> {
  await client.process.waitUntilGone(HUNG).catch((error: Error) => {
    demand(false, "left over", () => error.message);
  });
}

async function noMoreProcesses({ kernels }: Round, most: number): Promise<void> {
  await eventually(
    () => kernels.tree().length <= most,
    HUNG,
    "left over",
    () => `there are more processes than before: ${kernels.tree().map(commandLine).join(", ")}`,
  );
}

/** A cell that prints and awaits; the compiler dies at a random moment of its checking or running. */
async function innocentCell(
  round: Round,
  signal: NodeJS.Signals,
  label: string,
  note: (milliseconds: number) => void,
): Promise<void> {
  const random = round.random(label);
  const client = await round.kernels.get(round.language.preamble(join(round.folder, "scratch"), ""));
  const value = random.integer(1000);
  await expectOk(client, round.language.declareNumber("kept", value));
  const { compiler } = rolesOf(round, client);
  const words = Array.from({ length: 20 }, () => random.word(6));
  const start = performance.now();
  const id = await client.submit(
    `${round.language.printSlowly(words, 5)}\n${round.language.sum(["kept", 1])}`,
  );
  await delay(random.integer(80));
  process.kill(compiler, signal);
  const cell = await client.finish(id, HUNG);
  note(performance.now() - start);
  demand(cell.status === "ok", "lost", () => `a cell was lost with the compiler: ${cell.traceback}`);
  demand(
    cell.stdout === `${words.join("\n")}\n`,
    "lost",
    () => `its output is ${JSON.stringify(cell.stdout)}`,
  );
  demand(cell.result === String(value + 1), "lost", () => `its result is ${cell.result}`);
  await expectResult(client, round.language.sum(["kept", 2]), String(value + 2));
  round.kernels.settle();
}
