import type { CompileResult } from "../shared/compiler-messages.js";

/** A cell of the notebook that ran. */
interface Origin {
  /** What it is called: `In[3]`. */
  readonly label: string;
  /** The notebook's own id of the cell. */
  readonly cell: string;
}

interface Run extends Origin {
  readonly source: string;
  /** The names that it took from earlier runs. */
  readonly uses: ReadonlyMap<string, Origin>;
  /** The texts of all cells that its names were made with, by the cells' ids. */
  readonly inputs: ReadonlyMap<string, Input>;
}

/** The text of a cell that something was made with. */
interface Input {
  /** The name that was taken from that cell, and the run that it was taken from: `epochs of In[3]`. */
  readonly label: string;
  readonly source: string;
}

/** How many names a note tells of. */
const MOST_NAMES = 3;

/**
 * Notices cells that use what is no longer in the notebook as it stands: a name whose cell has since run with another text,
 * what was made with such a name, and a name that comes from another cell than it did before.
 *
 * It goes by the cells' texts and by the front end's ids of them. Without ids it notices nothing.
 */
export class StaleNames {
  readonly #enabled: boolean;
  /** The runs that declared the names, each the latest that did. */
  readonly #declarers = new Map<string, Run>();
  /** The cells' texts when they were last sent, by the cells' ids. */
  readonly #texts = new Map<string, string>();
  /** The cells' latest runs, by the cells' ids. */
  readonly #runs = new Map<string, Run>();

  /** @param env - the environment; with `RNNLAB_STALE_NAMES=off` nothing is noticed */
  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#enabled = env.RNNLAB_STALE_NAMES !== "off";
  }

  /**
   * Takes note of a compiled cell.
   *
   * @param cell - the notebook's own id of it, if the front end has sent one
   * @param label - what it is called: `In[7]`
   * @param written - its text
   * @returns a line about what it uses, if there is something to tell
   */
  note(
    cell: string | undefined,
    label: string,
    written: string,
    compiled: CompileResult,
  ): string | undefined {
    if (!this.#enabled) return undefined;
    const { ok, declared = new Map() } = compiled;
    if (cell === undefined) {
      for (const name of declared.keys()) this.#declarers.delete(name);
      return undefined;
    }
    const source = (ok && compiled.unchanged && this.#texts.get(cell)) || written;
    this.#texts.set(cell, source);
    if (!ok) return undefined;
    const uses = new Map<string, Run>();
    for (const name of compiled.uses) {
      const declarer = this.#declarers.get(name);
      if (declarer !== undefined) uses.set(name, declarer);
    }
    const before = this.#runs.get(cell);
    const reasons = [...uses].flatMap(
      ([name, run]) => this.#changed(name, run) ?? this.#moved(name, run, before, source) ?? [],
    );
    const run = { label, cell, source, uses: originsOf(uses), inputs: this.#inputsOf(uses) };
    this.#runs.set(cell, run);
    for (const name of declared.keys()) this.#declarers.set(name, run);
    if (reasons.length === 0) return undefined;
    const more = reasons.length > MOST_NAMES ? [`and so on for ${reasons.length - MOST_NAMES} more`] : [];
    return `Cell ${label} uses ${[...reasons.slice(0, MOST_NAMES), ...more].join("; ")}`;
  }

  /** The text that a cell had before. */
  earlierText(cell: string | undefined): string | undefined {
    return cell === undefined ? undefined : this.#texts.get(cell);
  }

  /** Forgets all cells, as their values are gone. */
  forget(): void {
    this.#declarers.clear();
    this.#texts.clear();
    this.#runs.clear();
  }

  /** Says that the cell of a name, or one of those that it was made with, has another text by now. */
  #changed(name: string, { label, cell, source, inputs }: Run): string | undefined {
    if (this.#texts.get(cell) !== source) return `${name} from ${label}, which has changed since`;
    for (const [id, input] of inputs) {
      if (this.#texts.get(id) !== input.source)
        return `${name} from ${label}, made with ${input.label}, which has changed since`;
    }
    return undefined;
  }

  /** Says that a cell, which has not changed, took a name from another cell before. */
  #moved(name: string, run: Run, before: Run | undefined, source: string): string | undefined {
    const earlier = before?.source === source ? before.uses.get(name) : undefined;
    if (before === undefined || earlier === undefined || earlier.cell === run.cell) return undefined;
    return `${name} from ${run.label}; as ${before.label} it used that of ${earlier.label}`;
  }

  #inputsOf(uses: ReadonlyMap<string, Run>): Map<string, Input> {
    const inputs = new Map<string, Input>();
    const add = (cell: string, input: Input): void => {
      // Of two texts of one cell the older one is what there is to tell of.
      const known = inputs.get(cell);
      if (known === undefined || known.source === this.#texts.get(cell)) inputs.set(cell, input);
    };
    for (const [name, { label, cell, source, inputs: further }] of uses) {
      add(cell, { label: `${name} of ${label}`, source });
      for (const [id, input] of further) add(id, input);
    }
    return inputs;
  }
}

/** Without the runs themselves, which would make a chain that grows. */
const originsOf = (uses: ReadonlyMap<string, Run>): Map<string, Origin> =>
  new Map([...uses].map(([name, { label, cell }]) => [name, { label, cell }]));
