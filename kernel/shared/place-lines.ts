/** A line and column of something that the user wrote. */
export interface Place {
  /** `Cell In[3]`, or a file. */
  readonly label: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where something is, as a person reads it. VS Code makes a link of a cell's line and drops what follows on it, so the
 * column and the function have a line of their own there.
 *
 * @param place - where it is
 * @param name - the function that it is in; empty at the top level
 */
export function placeLines({ label, line, column }: Place, name = ""): string[] {
  const place = `${label}, line ${line}`;
  const rest = `column ${column}${name === "" ? "" : `, in ${name}`}`;
  return label.startsWith("Cell In[") ? [place, `  ${rest}`] : [`${place}, ${rest}`];
}
