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
  /**
   * sha256 of files with the same content that are packed or ordered otherwise: accepted from a directory that the user
   * names, never from a download.
   */
  readonly substitutes?: readonly string[];
  /** Who made it and what may be done with it. */
  readonly licence: string;
  /** Size in bytes; about, where the publisher changes the file. */
  readonly bytes: number;
  /** Most bytes that a file of this data may have: several times those of all known copies. */
  readonly maxFileBytes: number;
  /** Most bytes that an archive may unpack to, likewise. */
  readonly maxUnpackedBytes?: number;
}

const MIB = 2 ** 20;

const MAAS =
  "No licence is stated; cite Maas, Daly, Pham, Huang, Ng and Potts, Learning Word Vectors for Sentiment Analysis, ACL 2011";

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
    maxFileBytes: MIB,
  },
  imdb: {
    name: "imdb",
    fileName: "imdb.npz",
    address: "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb.npz",
    sha256: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    // The same reviews in another order.
    substitutes: ["7c6b3bb45729e79e9815e0420691a07b6fc27c60d9e409e92fdebb8e0ab829bc"],
    licence: MAAS,
    bytes: 17_464_789,
    maxFileBytes: 64 * MIB,
    maxUnpackedBytes: 128 * MIB,
  },
  imdbWordIndex: {
    name: "imdb word index",
    fileName: "imdb_word_index.json",
    address: "https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb_word_index.json",
    sha256: "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
    licence: MAAS,
    bytes: 1_641_221,
    maxFileBytes: 8 * MIB,
  },
  imdbText: {
    name: "imdbText",
    fileName: "aclImdb_v1.tar.gz",
    address: "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
    sha256: "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
    // The labelled reviews alone.
    substitutes: ["d4d07f4c04c7781cf4eb629ec1aa2847d7774362524ea354ea14f454afc49b4f"],
    licence: MAAS,
    bytes: 84_125_825,
    maxFileBytes: 512 * MIB,
    maxUnpackedBytes: 256 * MIB,
  },
  mnist: {
    name: "mnist",
    fileName: "mnist.npz",
    address: "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    sha256: "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    // The same arrays, compressed anew.
    substitutes: ["88eaf78b3cf8a302b5c253212171853934f34bb083759fe893a3554a84c56f0a"],
    licence:
      "CC BY-SA 3.0: Yann LeCun and Corinna Cortes, the MNIST database, derived from NIST's special databases 1 and 3",
    bytes: 11_490_434,
    maxFileBytes: 64 * MIB,
    maxUnpackedBytes: 256 * MIB,
  },
} as const satisfies Record<string, DatasetFile>;
