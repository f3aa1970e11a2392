/** A value on an axis: a number, an ISO date or a category; null is a gap. */
export type Datum = number | string | null;

/** One series as plotly draws it. Other attributes of plotly.js may be added. */
export interface Trace {
  readonly type: string;
  readonly name?: string;
  readonly x?: readonly Datum[];
  readonly y?: readonly Datum[];
  readonly [attribute: string]: unknown;
}

/** A plotly figure as plain JSON: traces, layout and configuration. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: { readonly [attribute: string]: unknown };
  readonly config: { readonly [attribute: string]: unknown };
}

/** Plotly.js 4 has a button that sends the figure's data to a server of its makers: not from here, unless asked for. */
export const privateConfig = { showSendToCloud: false, plotlyServerURL: "" } as const;
