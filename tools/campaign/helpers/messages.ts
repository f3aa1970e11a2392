/** What the campaign asks its helper processes to do, and what they answer. */
export type Task =
  /** Read a file by the public API. */
  | { readonly do: "read"; readonly reader: Reader; readonly path: string }
  /** Save a model all of whose weights are this number. */
  | { readonly do: "save"; readonly path: string; readonly value: number }
  /** Save such models one after the other until this process is killed or asked to stop. */
  | { readonly do: "save on"; readonly path: string; readonly value: number }
  | { readonly do: "stop" }
  /** Load a model that was saved so, and say whether it is a whole one. */
  | { readonly do: "check"; readonly path: string };

export type Answer =
  | { readonly was: "value" }
  | { readonly was: "error"; readonly message: string; readonly stack: string }
  /** Tensors that were there when an error came and not before. */
  | { readonly was: "leak"; readonly tensors: number };

export const readers = [
  "npy",
  "npz",
  "electricity",
  "reviews as texts",
  "word index",
  "digits",
  "checksums",
  "model folder",
  "keras file",
  "h5 file",
  "weights file",
] as const;
export type Reader = (typeof readers)[number];
