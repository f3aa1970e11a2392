/** Declares what the session offers to cells of plain JavaScript besides what all cells have: the interface of nel. */
export const NEL_GLOBALS = `
interface NelContents {
  /** Shows text. */
  text(text: string): void;
  /** Shows HTML. */
  html(html: string): void;
  /** Shows a drawing, as the text of an SVG file. */
  svg(svg: string): void;
  /** Shows a picture in the format PNG: its bytes, or these as base64. */
  png(png: string | Uint8Array): void;
  /** Shows a picture in the format JPEG: its bytes, or these as base64. */
  jpeg(jpeg: string | Uint8Array): void;
  /** Shows JSON. */
  json(json: unknown): void;
  /** Shows one thing in several formats: their MIME types with their contents. */
  mime(bundle: Record<string, unknown>): void;
}

/** A place below the cell. */
interface NelDisplay extends NelContents {
  /** Ends this output: what is shown next stands by itself. */
  close(): void;
}

type NelAwaiting<Content> = (content: Content | Promise<Content>, keepAlive?: boolean) => void;

interface Nel {
  /** Shows text as the cell's result, and ends the cell; with \`keepAlive\` the cell goes on. */
  text: NelAwaiting<string>;
  /** Shows HTML as the cell's result, and ends the cell; with \`keepAlive\` the cell goes on. */
  html: NelAwaiting<string>;
  /** Shows a drawing as the cell's result, and ends the cell; with \`keepAlive\` the cell goes on. */
  svg: NelAwaiting<string>;
  /** Shows a picture as the cell's result, and ends the cell: its bytes, or these as base64. */
  png: NelAwaiting<string | Uint8Array>;
  /** Shows a picture as the cell's result, and ends the cell: its bytes, or these as base64. */
  jpeg: NelAwaiting<string | Uint8Array>;
  /** Shows JSON as the cell's result, and ends the cell; with \`keepAlive\` the cell goes on. */
  json: NelAwaiting<unknown>;
  /** Shows one thing in several formats as the cell's result, and ends the cell. */
  mime: NelAwaiting<Record<string, unknown>>;
  /**
   * Lets the cell go on after its last statement, until \`$$.done()\` or another result ends it.
   *
   * @param value - false takes it back
   */
  async(value?: boolean): boolean;
  /**
   * Ends the cell.
   *
   * @param result - what is shown as its result
   */
  done(result?: unknown): void;
  /**
   * Shows a value as the cell's result, as its last expression would be, and ends the cell.
   *
   * @param result - the value, or a promise of it
   * @param keepAlive - whether the cell goes on
   */
  sendResult(result: unknown, keepAlive?: boolean): void;
  /**
   * Ends the cell with an error.
   *
   * @param error - the error, or a promise of it
   * @param keepAlive - whether the cell goes on
   */
  sendError(error: unknown, keepAlive?: boolean): void;
  /**
   * Makes a place below the cell that shows one thing after the other, without ending the cell.
   *
   * @param id - with a name, what comes later replaces what came before
   */
  display(id?: string): NelDisplay;
  /**
   * Takes away what the cell has shown.
   *
   * @param options - with \`wait: true\` not before there is something new
   */
  clear(options?: { readonly wait?: boolean }): void;
  /**
   * Asks the person at the notebook for a line of text. The cell goes on until it is ended.
   *
   * @param options - the question; with \`password: true\` what is typed stays hidden
   * @param callback - gets the answer as its second argument
   * @returns a promise of the answer
   */
  input(
    options?: { readonly prompt?: string; readonly password?: boolean },
    callback?: (error: unknown, answer?: string) => void,
  ): Promise<string>;
  /** With \`awaitExecution: true\` a cell whose value is a promise shows what that becomes. */
  readonly config: { awaitExecution: boolean };
}

/** Shows results, and decides when a cell ends, as in ijavascript. */
declare var $$: Nel;

// With any, it may also be replaced by a function for values of a certain type.
/** Says how results are shown: may be replaced by a function from values to MIME types with their contents. */
declare var $$mimer$$: (value: any) => Record<string, unknown>;

/** What \`$$mimer$$\` is at first. */
declare const $$defaultMimer$$: (value: any) => Record<string, unknown>;

/** Whether the cell goes on after its last statement: the former name of \`$$.async()\`. */
declare var $$async$$: boolean;

/** Ends the cell: the former name of \`$$.done()\`. */
declare var $$done$$: (result?: unknown) => void;

/** Shows what is assigned: the former name of \`$$.mime()\`. */
declare var $$mime$$: Record<string, unknown>;

/** Shows what is assigned: the former name of \`$$.html()\`. */
declare var $$html$$: string;

/** Shows what is assigned: the former name of \`$$.svg()\`. */
declare var $$svg$$: string;

/** Shows what is assigned: the former name of \`$$.png()\`. */
declare var $$png$$: string;

/** Shows what is assigned: the former name of \`$$.jpeg()\`. */
declare var $$jpeg$$: string;
`;

/** The names that these declarations give. */
export const isNelName = (name: string): boolean => /^\$\$(?:\w+\$\$)?$/.test(name);
