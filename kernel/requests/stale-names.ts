import { setTimeout as delay } from "node:timers/promises";
import type { CompileResult } from "../shared/compiler-messages.js";
import type { CellOrigin } from "../shared/session-messages.js";
import { type SavedCells, SavedNotebook } from "./saved-notebook.js";

/** A cell of the notebook that ran. */
interface Origin {
  /** What it is called: `In[3]`. */
  readonly label: string;
  /** The notebook's own id of the cell. */
  readonly cell: string;
}

interface Run extends Origin {
  readonly executionCount: number;
  readonly source: string;
  /** The text as it was sent: `source` may be an earlier one that differs in its format alone. */
  readonly sent: string;
  /** What the notebook's file was when it began, if that is known. */
  version: string | undefined;
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

/** The texts of a cell that was edited: as it ran, and as it is in the file. */
interface Edited {
  readonly sent: string;
  readonly saved: string;
}

/** What is noticed of a cell. */
export interface Noted {
  /** What there is to tell at once. */
  readonly lines: readonly string[];
  /** Looks into the notebook's file for what else there is to tell; to be called when the cell has begun. It never rejects. */
  readonly look: ((tell: (line: string) => void) => Promise<void>) | undefined;
}

/** How many names a note tells of. */
const MOST_NAMES = 3;

/** How long the end of a cell waits for a look into the file, in ms: a disk may hang. */
const PATIENCE = 5000;

/**
 * Notices cells that use what is no longer in the notebook as it stands: a name whose cell has since run with another text,
 * what was made with such a name, and a name that comes from another cell than it did before. Of cells that were edited and
 * did not run it knows by the notebook's file.
 *
 * It goes by the cells' texts and by the front end's ids of them. Without ids it notices nothing.
 */
export class StaleNames {
  readonly #enabled: boolean;
  readonly #isSame: (one: string, other: string) => Promise<boolean>;
  readonly #saved: SavedNotebook | undefined;
  /** The runs that declared the names, each the latest that did. */
  readonly #declarers = new Map<string, Run>();
  /** The cells' texts when they were last sent, by the cells' ids. */
  readonly #texts = new Map<string, string>();
  /** The cells' latest runs, by the cells' ids. */
  readonly #runs = new Map<string, Run>();

  /**
   * @param isSame - whether two texts differ in nothing but their format and comments
   * @param env - the environment; with `RNNLAB_STALE_NAMES=off` nothing is noticed
   */
  constructor(
    isSame: (one: string, other: string) => Promise<boolean>,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#isSame = isSame;
    this.#enabled = env.RNNLAB_STALE_NAMES !== "off";
    this.#saved = SavedNotebook.named(env.JPY_SESSION_NAME);
  }

  /**
   * Takes note of a compiled cell.
   *
   * @param sent - its text as the front end has sent it
   * @param written - the code of it, without magics
   */
  note(
    { id: cell, executionCount }: CellOrigin,
    sent: string,
    written: string,
    compiled: CompileResult,
  ): Noted {
    if (!this.#enabled) return NOTHING;
    const { ok, declared = new Map() } = compiled;
    if (cell === undefined) {
      for (const name of declared.keys()) this.#declarers.delete(name);
      return NOTHING;
    }
    const source = (ok && compiled.unchanged && this.#texts.get(cell)) || written;
    this.#texts.set(cell, source);
    if (!ok) return NOTHING;
    const uses = new Map<string, Run>();
    for (const name of compiled.uses) {
      const declarer = this.#declarers.get(name);
      if (declarer !== undefined) uses.set(name, declarer);
    }
    const before = this.#runs.get(cell);
    const label = `In[${executionCount}]`;
    const reasons: string[] = [];
    const suspects = new Map<string, Run>();
    for (const [name, run] of uses) {
      const reason = this.#changed(name, run) ?? this.#moved(name, run, before, source);
      if (reason === undefined) suspects.set(name, run);
      else reasons.push(reason);
    }
    const inputs = this.#inputsOf(uses);
    const run = {
      label,
      cell,
      executionCount,
      source,
      sent,
      version: undefined,
      uses: originsOf(uses),
      inputs,
    };
    this.#runs.set(cell, run);
    for (const name of declared.keys()) this.#declarers.set(name, run);
    const saved = this.#saved;
    return {
      lines: linesOf(label, reasons),
      look: saved && ((tell) => this.#look(saved, run, suspects, tell)),
    };
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

  /**
   * Resolves when all is told, or when the file takes too long.
   *
   * @param suspects - the names that are as the cells that ran have left them
   */
  #look(
    saved: SavedNotebook,
    current: Run,
    suspects: ReadonlyMap<string, Run>,
    tell: (line: string) => void,
  ): Promise<void> {
    const look = async (): Promise<void> => {
      const version = await saved.version();
      current.version = version;
      const cells = version === undefined || suspects.size === 0 ? undefined : await saved.cells(version);
      if (version === undefined || cells === undefined) return;
      const edited = this.#editedOf(version, cells);
      edited.delete(current.cell);
      if (edited.size === 0) return;
      const reasons = [...suspects].map(([name, run]) => this.#reasonOf(name, run, edited));
      for (const line of linesOf(current.label, (await Promise.all(reasons)).flat())) tell(line);
    };
    return Promise.race([look(), delay(PATIENCE, undefined, { ref: false })]);
  }

  /** Cells that have another text in the file, beside the outputs of their run. The file was saved since that began. */
  #editedOf(version: string, cells: SavedCells): Map<string, Edited> {
    const edited = new Map<string, Edited>();
    for (const [id, { executionCount, sent, version: before }] of this.#runs) {
      const saved = cells.get(id);
      if (saved?.executionCount !== executionCount || saved.source === sent) continue;
      if (before !== undefined && before !== version) edited.set(id, { sent, saved: saved.source });
    }
    return edited;
  }

  /** What is to be said of the first cell that a name was made with and that has been edited, if there is one. */
  async #reasonOf(name: string, run: Run, edited: ReadonlyMap<string, Edited>): Promise<string[]> {
    const from = `${name} from ${run.label}`;
    const isEdited = "which has been edited and saved since, but not run again";
    if (await this.#differs(edited.get(run.cell))) return [`${from}, ${isEdited}`];
    for (const [id, { label }] of run.inputs) {
      if (await this.#differs(edited.get(id))) return [`${from}, made with ${label}, ${isEdited}`];
    }
    return [];
  }

  async #differs(texts: Edited | undefined): Promise<boolean> {
    try {
      return texts !== undefined && !(await this.#isSame(texts.sent, texts.saved));
    } catch {
      // The compiler has died of one of the texts: whoever runs it hears of that.
      return false;
    }
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

const NOTHING: Noted = { lines: [], look: undefined };

/** What a cell is told of the names that it uses: one line, or none. */
function linesOf(label: string, reasons: readonly string[]): string[] {
  if (reasons.length === 0) return [];
  const more = reasons.length > MOST_NAMES ? [`and so on for ${reasons.length - MOST_NAMES} more`] : [];
  return [`Cell ${label} uses ${[...reasons.slice(0, MOST_NAMES), ...more].join("; ")}`];
}

/** Without the runs themselves, which would make a chain that grows. */
const originsOf = (uses: ReadonlyMap<string, Run>): Map<string, Origin> =>
  new Map([...uses].map(([name, { label, cell }]) => [name, { label, cell }]));
