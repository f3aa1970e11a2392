/** What a magic is, for `%lsmagic`, completion and help. */
export interface MagicDescription {
  /** How it is written. */
  readonly usage: string;
  readonly summary: string;
  /** Whether something may stand on its line after its name. */
  readonly takesArgument?: true;
  /** Whether the lines below it are not code: a text or a script that it takes. */
  readonly takesText?: true;
  /** Whether what follows it, on its line too, is code of the cell. */
  readonly takesCode?: true;
}

/** Whether the code of a cell is measured. */
export type Measure = "time" | "bench";

/** All magics by their names. */
export const MAGICS: ReadonlyMap<string, MagicDescription> = new Map(
  Object.entries({
    bash: { usage: "%%bash", summary: "Runs the lines below it in Bash.", takesText: true },
    bench: {
      usage: "%bench CODE, %%bench",
      summary: "Runs the code that follows many times, and says how long one time takes.",
      takesCode: true,
    },
    cd: {
      usage: "%cd [FOLDER]",
      summary: "Changes the folder of the session, and says which it is.",
      takesArgument: true,
    },
    env: {
      usage: "%env [NAME [VALUE]]",
      summary: "Shows or sets environment variables of the session.",
      takesArgument: true,
    },
    html: { usage: "%%html", summary: "Shows the lines below it as HTML.", takesText: true },
    javascript: {
      usage: "%%javascript",
      summary: "Runs the lines below it in the page of the front end, if that allows it.",
      takesText: true,
    },
    ls: { usage: "%ls [FOLDER]", summary: "Lists a folder.", takesArgument: true },
    lsmagic: { usage: "%lsmagic", summary: "Lists the magics." },
    markdown: { usage: "%%markdown", summary: "Shows the lines below it as Markdown.", takesText: true },
    npm: {
      usage: "%npm COMMAND [ARGUMENT …]",
      summary: "Runs npm in the notebook's folder. The next line of code knows what it has installed.",
      takesArgument: true,
    },
    replay: {
      usage: "%replay [CELL]",
      summary: "Alone in its cell: shows again what a cell has put out, and follows one that runs.",
      takesArgument: true,
    },
    reset: { usage: "%reset", summary: "Begins anew: a fresh session, without any names." },
    time: {
      usage: "%time CODE, %%time",
      summary: "Says how long the code that follows takes, without the time to compile it.",
      takesCode: true,
    },
    who: { usage: "%who", summary: "Lists the notebook's names with their types." },
    writefile: {
      usage: "%%writefile [-a] FILE",
      summary: "Writes the lines below it to a file, with -a at its end.",
      takesArgument: true,
      takesText: true,
    },
  } satisfies Record<string, MagicDescription>),
);

/** One magic of a cell. */
export interface Magic {
  readonly name: string;
  /** What stands on its line after its name. */
  readonly argument: string;
  /** The lines below it, where it takes them. */
  readonly text: string;
}

/** A cell that begins with magics. */
export interface MagicCell {
  /** What is done before its code. */
  readonly magics: readonly Magic[];
  /** What is done with its code, other than to run it. */
  readonly measure: Measure | undefined;
  /** The cell with a comment in the place of each magic: the code in it stands where it was written. */
  readonly code: string;
}

/** What may stand before a magic: empty lines and comments. */
const BEFORE = /^[ \t]*(?:\/\/.*)?\r?$/;
const MAGIC = /^([ \t]*%%?)([A-Za-z_]\w*)(.*)\r?$/;

/**
 * Reads the magics of a cell. They stand before its code, each at the beginning of a line: nothing that is TypeScript or
 * JavaScript begins like this.
 *
 * @param source - the cell
 * @returns its magics and its code; undefined if it has no magics
 */
export function magicCell(source: string): MagicCell | undefined {
  const lines = source.split("\n");
  const magics: Magic[] = [];
  let measure: Measure | undefined;
  for (const [index, line] of lines.entries()) {
    if (BEFORE.test(line)) continue;
    const [, marks = "", name, rest = ""] = MAGIC.exec(line) ?? [];
    if (name === undefined) break;
    const { takesCode, takesText }: Partial<MagicDescription> = MAGICS.get(name) ?? {};
    if (takesCode && rest.trim() !== "?") {
      measure = name === "bench" ? "bench" : "time";
      lines[index] = " ".repeat(marks.length + name.length) + rest;
      break;
    }
    const below = lines.slice(index + 1);
    magics.push({ name, argument: rest.trim(), text: takesText ? below.join("\n") : "" });
    const gone = takesText ? lines.length : index + 1;
    for (let i = index; i < gone; i++) lines[i] = commented(lines[i] ?? "");
    if (takesText) break;
  }
  if (magics.length === 0 && measure === undefined) return undefined;
  return { magics, measure, code: lines.join("\n") };
}

/** Whether a cell has no code after its magics. */
export const isDone = ({ code }: MagicCell): boolean => code.split("\n").every((line) => BEFORE.test(line));

/** The magic that a line begins with, wherever it stands in a cell. */
export function magicOfLine(line: string): string | undefined {
  const [, marks = "", name = ""] = MAGIC.exec(line) ?? [];
  return MAGICS.has(name) ? marks.trimStart() + name : undefined;
}

/** A cell as the compiler takes it: without its magics. */
export const withoutMagics = (source: string): string => magicCell(source)?.code ?? source;

/** A comment as long as a line. */
const commented = (line: string): string =>
  "// ".slice(0, line.length).padEnd(line.length, "-").replace(/^\/$/, " ");

/** Whether a cell ends in lines that a magic takes, or measures. */
export function takesLines(source: string): boolean {
  return /^[ \t]*%%/m.test(source) && magicCell(source) !== undefined;
}

/** The beginning of a magic, as far as it is written. */
export interface MagicWord {
  readonly start: number;
  readonly end: number;
  /** Its marks and its name. */
  readonly text: string;
}

/** The magic, or the beginning of one, at whose name a place in a cell is. */
export function magicWordAt(source: string, offset: number): MagicWord | undefined {
  const line = source.lastIndexOf("\n", offset - 1) + 1;
  const [, indent = "", text] = /^([ \t]*)(%%?\w*)/.exec(source.slice(line)) ?? [];
  if (text === undefined) return undefined;
  const start = line + indent.length;
  const end = start + text.length;
  // With a magic that takes nothing in its place: is it one where it stands?
  const isMagic = magicCell(`${source.slice(0, line)}%lsmagic`)?.magics.at(-1)?.name === "lsmagic";
  return isMagic && offset > start && offset <= end ? { start, end, text } : undefined;
}
