const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*(?:\\.[\\p{ID_Start}$_][\\p{ID_Continue}$]*)*";
const QUESTION = new RegExp(`^\\s*(?:(\\?\\??)(${NAME})|(${NAME})(\\?\\??))\\s*$`, "u");

/** A cell that asks about a name as in IPython; no TypeScript looks like this. */
export interface HelpQuestion {
  readonly name: string;
  /** 1 asks for the source, too. */
  readonly detail: 0 | 1;
}

/**
 * Reads a cell as a question.
 *
 * @param code - the whole cell: `name?`, `?name` or, for the source, `name??`, `??name`
 * @returns what is asked, or nothing if the cell is code
 */
export function helpQuestion(code: string): HelpQuestion | undefined {
  const [, before, asked, named, after] = QUESTION.exec(code) ?? [];
  const name = asked ?? named;
  return name === undefined ? undefined : { name, detail: (before ?? after) === "??" ? 1 : 0 };
}
