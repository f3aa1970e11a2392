import type { CellSurface, Declaration, OpenVariable } from "../../shared/compiler-messages.js";
import { isGlobalName } from "../syntax/global-names.js";
import { cellSpecifier } from "./cell-specifiers.js";
import type { CellText } from "./cell-text.js";
import type { LaterWords } from "./later-words.js";
import { changedOpen, type NameUses, type OpenEnd, openDeclaration } from "./open-variables.js";

interface Binding {
  readonly value:
    | {
        readonly cell: number;
        readonly kind: NonNullable<Declaration["value"]>;
        /** Whether that cell did not run. */
        readonly missing: boolean;
        /** Where it is a variable that has no type of its own. */
        readonly open: OpenVariable | undefined;
        /** Whether the cells only describe what is there anyway. */
        readonly ambient: boolean;
      }
    | undefined;
  readonly type: { readonly cell: number } | undefined;
}

/**
 * What the cells so far have declared, for the type checker.
 *
 * Each cell is a module of its own. Its first line, the *header*, brings in the names that it uses from earlier cells
 * and exports its own. A later declaration of a name replaces the earlier one, whatever the kinds of the two.
 */
export class CellScope {
  readonly #bindings = new Map<string, Binding>();
  /** The cells that add to declarations of others: they count whether or not a name of theirs is used. */
  readonly #augmenting: number[] = [];

  get names(): IterableIterator<string> {
    return this.#bindings.keys();
  }

  /** The cell that declared a name last. */
  cellOf(name: string): number | undefined {
    const binding = this.#bindings.get(name);
    return binding?.value?.cell ?? binding?.type?.cell;
  }

  /** The cells that declared the value and the type of a name last. */
  cellsOf(name: string): { readonly value: number | undefined; readonly type: number | undefined } {
    const { value, type } = this.#bindings.get(name) ?? {};
    return { value: value?.cell, type: type?.cell };
  }

  has(name: string): boolean {
    return this.#bindings.has(name);
  }

  /** Whether a name stands for a variable of the notebook's own. */
  hasVariable(name: string): boolean {
    return isVariable(this.#bindings.get(name));
  }

  /**
   * Records what a cell declares. One whose types have kept it from running takes no name from a value that is there.
   */
  add({ serial: cell, refused: missing, declared, open, augmenting }: CellSurface): void {
    if (augmenting) this.#augmenting.push(cell);
    for (const [name, { value, type, ambient }] of declared) {
      const before = this.#bindings.get(name);
      if (missing && before?.value?.missing === false && (value !== undefined || isOneThing(before)))
        continue;
      this.#bindings.set(name, {
        value:
          value === undefined
            ? keptValue(before)
            : { cell, kind: value, missing, ambient: ambient && !isVariable(before), open: open.get(name) },
        type: type ? { cell } : keptType(before),
      });
    }
    if (missing) return;
    for (const [name, changed] of open) {
      const before = this.#bindings.get(name);
      if (before?.value === undefined || declared.get(name)?.value !== undefined) continue;
      this.#bindings.set(name, { ...before, value: { ...before.value, open: changed } });
    }
  }

  /** What becomes of earlier cells' open variables in a cell. */
  changedOpen(declared: ReadonlyMap<string, Declaration>, uses: NameUses): Map<string, OpenEnd> {
    const changed = new Map<string, OpenEnd>();
    for (const name of new Set([...uses.assigned, ...uses.filled])) {
      const open = this.#bindings.get(name)?.value?.open;
      const end = open === undefined || declared.has(name) ? undefined : changedOpen(name, open, uses);
      if (end !== undefined) changed.set(name, end);
    }
    return changed;
  }

  /**
   * The header of a cell.
   *
   * @param cell - the cell as it was read
   * @param wanted - the names to bring in, of those that the scope has
   * @param isWantedLater - whether a cell to come may use a name; constants that none uses are not exported
   * @returns one line of TypeScript without its line feed
   */
  header(
    { text, declared, uses }: CellText,
    wanted: Iterable<string>,
    isWantedLater: LaterWords = () => true,
  ): string {
    // Types can name a symbol that is a constant. Whatever else is exported counts in types, or for the cell itself.
    const mayName = text.includes("Symbol");
    const unexported = [...declared]
      .filter(([name, { value, type, exported }]) => {
        if (exported) return false;
        return value !== "const" || type || mayName || isWantedLater(name);
      })
      .map(([name]) => name);
    const parts = this.#augmenting.map((cell) => `import "${cellSpecifier(cell)}";`);
    for (const name of new Set(wanted)) {
      const binding = this.#bindings.get(name);
      if (binding !== undefined) parts.push(importOf(name, binding, declared.get(name), uses));
    }
    parts.push(`export { ${unexported.join(", ")} };`);
    return parts.join(" ");
  }
}

const isVariable = (binding: Binding | undefined): boolean => binding?.value?.ambient === false;

/** Whether value and type of a name come from one declaration, that of a class or an enum: declaring either anew replaces both. */
const isOneThing = ({ value, type }: Binding): boolean =>
  value?.kind === "alias" && value.cell === type?.cell;

function keptValue(before: Binding | undefined): Binding["value"] {
  return before === undefined || isOneThing(before) ? undefined : before.value;
}

function keptType(before: Binding | undefined): Binding["type"] {
  return before === undefined || isOneThing(before) ? undefined : before.type;
}

function importOf(
  name: string,
  { value, type }: Binding,
  own: Declaration | undefined,
  uses: NameUses,
): string {
  const parts: string[] = [];
  // Nothing merges with an exported name: its other meaning waits until the next cell.
  if (own?.exported) return "";
  const whole = value?.kind === "alias" && (type === undefined || type.cell === value.cell);
  if (whole) return own === undefined ? `import { ${name} } from "${cellSpecifier(value.cell)}";` : "";
  if (value !== undefined && own?.value === undefined) {
    const keyword = value.kind === "let" ? "let" : "const";
    parts.push(
      value.open === undefined
        ? `declare ${keyword} ${name}: typeof import("${cellSpecifier(value.cell)}").${name};`
        : openDeclaration(name, keyword, value.open, uses, cellSpecifier),
    );
  }
  if (type !== undefined && own?.type !== true) {
    parts.push(`import type { ${name} } from "${cellSpecifier(type.cell)}";`);
    // A type of a global's name hides the type alone.
    if (value === undefined && own?.value === undefined && isGlobalName(name)) {
      parts.push(`declare const ${name}: typeof globalThis.${name};`);
    }
  }
  return parts.join(" ");
}
