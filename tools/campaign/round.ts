import { Random } from "../random.js";
import type { PartName } from "./arguments.js";
import type { KernelChoice } from "./kernel-choice.js";
import { KernelSlot } from "./kernel-slot.js";
import type { Language } from "./languages/index.js";
import type { Tally } from "./tally.js";

/** A part of the campaign: it is asked for round after round until its time is over. */
export interface Part {
  /** Its part of the time, relative to the others'. */
  readonly weight: number;
  /** Whether it tries rnnlab's modules and no kernel. */
  readonly modulesOnly?: boolean;
  readonly run: (round: Round) => Promise<void>;
}

/** What one round of a part is given. All that is random in it follows from seed, part and number. */
export class Round {
  readonly kernels: KernelSlot;

  constructor(
    readonly part: PartName,
    readonly number: number,
    readonly kernel: KernelChoice,
    readonly language: Language,
    /** A directory for the files of this round. */
    readonly folder: string,
    readonly tally: Tally,
    private readonly options: {
      readonly seed: number;
      readonly kind: string | undefined;
      readonly deadline: number;
      readonly kernelOption: string | undefined;
    },
  ) {
    this.kernels = new KernelSlot(kernel, folder);
  }

  get over(): boolean {
    return Date.now() > this.options.deadline;
  }

  /** Numbers for a purpose: the same whatever else was tried before. */
  random(purpose: string): Random {
    return new Random(`${this.options.seed} ${this.part} ${this.number} ${purpose}`);
  }

  /** Whether a try is asked for. */
  selects(label: string): boolean {
    return this.options.kind === undefined || label.includes(this.options.kind);
  }

  /**
   * Counts one try. If it did not hold the kernel is ended, so that the next try is judged by itself. Not done when
   * the round's time is over or the try is not asked for.
   *
   * @param label - what `--kind` selects it by; null if the whole round is needed to repeat it: then the kernel is kept
   * as long as it can be used
   * @returns whether it held; true if it was not done
   */
  async attempt(
    kind: string,
    body: (note: (milliseconds: number) => void) => Promise<void>,
    label: string | null = kind,
  ): Promise<boolean> {
    if (this.over || !this.selects(label ?? kind)) return true;
    const held = await this.tally.attempt(
      { part: this.part, kind, label: label ?? kind, command: this.#command(label) },
      body,
    );
    if (!held && (label !== null || !this.kernels.usable)) await this.kernels.close();
    return held;
  }

  #command(label: string | null): string {
    const { seed, kernelOption } = this.options;
    const words = ["--seed", seed, "--parts", this.part, "--round", this.number];
    if (label !== null) words.push("--kind", JSON.stringify(label));
    if (kernelOption !== undefined) words.push("--kernel", JSON.stringify(kernelOption));
    return `npm run soak -- --campaign ${words.join(" ")}`;
  }
}
