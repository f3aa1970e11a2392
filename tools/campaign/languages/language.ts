/** A loop that is to be interrupted: it counts its turns in `turns`, or writes to the file `scratch`. */
export interface Loop {
  readonly name: string;
  readonly code: string;
  /** Whether it loops only while its own error is described: the cell may end with that one. */
  readonly throws?: boolean;
  /** Whether it needs rnnlab's modules. */
  readonly own?: boolean;
  /** For an import that is interrupted in a fresh kernel: this must be true afterwards. */
  readonly afterwards?: string;
}

/** A cell that breaks something of the language that other code may rely on. */
export interface Hostile {
  readonly kind: string;
  readonly label: string;
  readonly code: string;
  /** Whether everything must work afterwards as before. */
  readonly harmless?: boolean;
}

/** A cell that shows a value by its HTML, and the type of message in which that comes. */
export interface ShownHtml {
  readonly code: string;
  readonly type: "display_data" | "execute_result";
}

/** How the campaign's cells are written in a language. Names and texts are plain words, so they need no escapes. */
export interface Language {
  readonly loops: readonly Loop[];
  readonly hostile: readonly Hostile[];
  /** Declares what the loops and probes use. */
  preamble(scratch: string, server: string): string;
  /** Begins a loop's cell: the counter at 0 and "started" printed. */
  readonly start: string;
  /** Runs 150 ms; its result is {@link true} if neither the counter nor the file `scratch` has changed. */
  readonly standsStill: string;
  /** How a true result is shown. */
  readonly true: string;

  print(lines: readonly string[], stream?: "stdout" | "stderr"): string;
  /** An expression as the last of a cell. */
  sum(terms: readonly (string | number)[]): string;
  declareNumber(name: string, value: number): string;
  declareText(name: string, value: string): string;
  /** The length of a text variable. */
  lengthOf(name: string): string;
  /** Ends the cell with an error. */
  fail(message: string): string;
  readonly errorName: string;
  /** Prints each line after a wait. */
  printSlowly(lines: readonly string[], milliseconds: number): string;
  /** Prints a line when the cell is over. */
  printLater(line: string, milliseconds: number): string;
  /** Imports a module and prints a path's last part, `name`. */
  printBasename(name: string): string;
  showHtml(html: string): ShownHtml;
  /** Prints `out i` and `err i` in turn, with a wait between the pairs. */
  alternate(pairs: number, milliseconds: number): string;
  /** Prints a line of many equal characters. */
  printMany(character: string, count: number): string;
  /** Loops for ever: busy, printing, awaiting. */
  readonly busy: string;
  readonly printing: string;
  readonly awaiting: string;
  /** Starts `sleep` for `seconds` and waits for it. */
  awaitSleep(seconds: string): string;
  /** Starts `sleep` for `seconds` several times and does not wait. */
  startSleeps(seconds: string, count: number): string;
}
