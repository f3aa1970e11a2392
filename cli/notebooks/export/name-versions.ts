import type { Declaration } from "../../../kernel/shared/compiler-messages.js";

/** One declaration of a name, of several that cells may give it. */
export interface Version {
  /** What the module calls it. */
  readonly name: string;
  /** What it imports, if it is an import. */
  readonly importKey: string | undefined;
  /** Whether it is only described, as `declare` does. */
  readonly ambient: boolean;
}

interface Binding {
  readonly value: Version | undefined;
  readonly type: Version | undefined;
}

/** Names that the module's own lines use. */
const RESERVED = ["Object", "Symbol", "console"];

/**
 * What the names of a notebook mean from cell to cell. A later declaration replaces an earlier one for later cells, so in
 * a module it needs a name of its own.
 */
export class NameVersions {
  readonly #bindings = new Map<string, Binding>();
  readonly #taken: Set<string>;
  /** The names that a cell has taken for those of Node, before any cell declared them. */
  readonly #global = new Set(RESERVED);
  /** What the renamed ones are called in the notebook. */
  readonly originals = new Map<string, string>();
  /** The variables that have taken the place of others. */
  readonly successors = new Map<string, string>();

  /** @param taken - all names that the notebook mentions */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** A name that nothing else has. */
  fresh(name: string): string {
    for (let count = 2; ; count++) {
      const candidate = `${name}_${count}`;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return candidate;
    }
  }

  /** A name for the module's own use: as it is, if the notebook has none like it. */
  helper(name: string): string {
    if (this.#taken.has(name)) return this.fresh(name);
    this.#taken.add(name);
    return name;
  }

  /** An earlier cell's declaration; undefined where no cell has one. */
  find(name: string, isType = false): Version | undefined {
    const binding = this.#bindings.get(name);
    return (isType ? binding?.type : binding?.value) ?? binding?.value ?? binding?.type;
  }

  /** Finds a declaration that a cell uses: where there is none, the name is one of Node's from here on. */
  use(name: string, isType: boolean): Version | undefined {
    const version = this.find(name, isType);
    if (version === undefined) this.#global.add(name);
    return version;
  }

  /** Gives what a cell declares its name. */
  declare(name: string, declaration: Declaration, importKey?: string): Version {
    const { value, type, ambient } = declaration;
    const before = this.#bindings.get(name);
    const clashes =
      this.#global.has(name) ||
      (value !== undefined && before?.value !== undefined) ||
      (type && before?.type !== undefined) ||
      (importKey !== undefined && before !== undefined);
    const version = { name: clashes ? this.fresh(name) : name, importKey, ambient };
    if (clashes) this.originals.set(version.name, name);
    // A class or an import is both: declaring either anew replaces both.
    const isOne = before?.value !== undefined && before.value === before.type;
    const kept = isOne ? undefined : before;
    if (value !== undefined && before?.value !== undefined)
      this.successors.set(before.value.name, version.name);
    this.#bindings.set(name, {
      value: value === undefined ? kept?.value : version,
      type: type ? version : kept?.type,
    });
    return version;
  }

  /** What the notebook declares at its end, without imports: the name in the module, and the notebook's. */
  *declared(): Generator<readonly [inModule: string, inNotebook: string]> {
    for (const [name, { value, type }] of this.#bindings) {
      const version = value ?? type;
      if (version !== undefined && version.importKey === undefined && !version.ambient)
        yield [version.name, name];
    }
  }
}
