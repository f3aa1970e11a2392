/** A data file: where it comes from and how it is recognised. */
export interface DatasetFile {
  /** Name of the data set, as in error messages. */
  readonly name: string;
  /** Name under which the file lies in a data directory and in the cache. */
  readonly fileName: string;
  /** Where it is downloaded from. */
  readonly address: string;
  /**
   * sha256 of the file in hexadecimal. Absent where the publisher changes the file: then it is validated by parsing
   * alone.
   */
  readonly sha256?: string;
  /** Who made it and what may be done with it. */
  readonly licence: string;
  /** Size in bytes; about, where the publisher changes the file. */
  readonly bytes: number;
}

/** Every data file that the loaders know. */
export const registry = {
  electricity: {
    name: "electricity",
    fileName: "Electric_Production.csv",
    address: "https://fred.stlouisfed.org/graph/fredgraph.csv?id=IPG2211A2N",
    // No checksum: the series grows every month and is rebased from time to time, and several copies circulate.
    licence:
      "Public domain, citation requested: Board of Governors of the Federal Reserve System (US), Industrial Production: Utilities: Electric and Gas Utilities (IPG2211A2N), from FRED, Federal Reserve Bank of St. Louis",
    bytes: 20_000,
  },
} as const satisfies Record<string, DatasetFile>;
