/** One recurrent layer of a workload. */
export interface RecurrentPart {
  readonly cell: "simpleRNN" | "lstm" | "gru";
  readonly units: number;
  readonly activation?: "relu";
  readonly bidirectional?: true;
}

/** A model with the shape of its batches: what is trained, by whom ever. */
export interface Workload {
  readonly number: number;
  readonly name: string;
  readonly batch: number;
  readonly time: number;
  /** Of each step: a number of features, or one word that is looked up. */
  readonly input: number | { readonly vocabulary: number; readonly vector: number; readonly masked?: true };
  /** All but the last give sequences. */
  readonly layers: readonly RecurrentPart[];
  readonly outputs: number;
  readonly loss: "meanSquaredError" | "binaryCrossentropy" | "categoricalCrossentropy";
  /** Batches that one measured run trains on, each once. */
  readonly batches: number;
}

const windows = { outputs: 1, loss: "meanSquaredError" } as const;
const reviews = { batch: 128, outputs: 1, loss: "binaryCrossentropy" } as const;
const one = <const Cell extends RecurrentPart["cell"]>(cell: Cell, units: number) => ({ cell, units });
const both = <const Cell extends RecurrentPart["cell"]>(cell: Cell, units: number) =>
  ({ cell, units, bidirectional: true }) as const;

/** The models of the lectures, with the numbers under which they are known. */
export const workloads: readonly Workload[] = [
  {
    number: 1,
    name: "SimpleRNN(3), 15 × 1",
    ...windows,
    batch: 32,
    time: 15,
    input: 1,
    layers: [one("simpleRNN", 3)],
    batches: 40,
  },
  {
    number: 2,
    name: "4 × LSTM(45), 15 × 1",
    ...windows,
    batch: 32,
    time: 15,
    input: 1,
    layers: [one("lstm", 45), one("lstm", 45), one("lstm", 45), one("lstm", 45)],
    batches: 12,
  },
  {
    number: 3,
    name: "GRU(256), 15 × 1",
    ...windows,
    batch: 32,
    time: 15,
    input: 1,
    layers: [one("gru", 256)],
    batches: 12,
  },
  {
    number: 4,
    name: "SimpleRNN(100, relu), 20 × 1",
    ...windows,
    batch: 31,
    time: 20,
    input: 1,
    layers: [{ ...one("simpleRNN", 100), activation: "relu" }],
    batches: 30,
  },
  {
    number: 5,
    name: "MNIST: SimpleRNN(150, relu), 28 × 28",
    batch: 32,
    time: 28,
    input: 28,
    layers: [{ ...one("simpleRNN", 150), activation: "relu" }],
    outputs: 10,
    loss: "categoricalCrossentropy",
    batches: 30,
  },
  {
    number: 6,
    name: "IMDB: Embedding(88585, 64), SimpleRNN(64), 100",
    ...reviews,
    time: 100,
    input: { vocabulary: 88_585, vector: 64 },
    layers: [one("simpleRNN", 64)],
    batches: 6,
  },
  {
    number: 7,
    name: "IMDB: Embedding(88585, 64), 2 × Bidirectional(GRU(64)), 100",
    ...reviews,
    time: 100,
    input: { vocabulary: 88_585, vector: 64 },
    layers: [both("gru", 64), both("gru", 64)],
    batches: 4,
  },
  {
    number: 8,
    name: "IMDB text: Embedding(1000, 64) masked, Bidirectional(LSTM(64)), 250",
    ...reviews,
    time: 250,
    input: { vocabulary: 1000, vector: 64, masked: true },
    layers: [both("lstm", 64)],
    batches: 4,
  },
  {
    number: 9,
    name: "IMDB: Embedding(10000, 32), SimpleRNN(10), 500",
    ...reviews,
    time: 500,
    input: { vocabulary: 10_000, vector: 32 },
    layers: [one("simpleRNN", 10)],
    batches: 6,
  },
];

const gates = { simpleRNN: 1, lstm: 4, gru: 3 } as const;

/** What the weights of one recurrent layer look like, in Keras's order; `directions` times the same. */
export interface RecurrentShape {
  readonly features: number;
  readonly units: number;
  readonly gates: number;
  readonly directions: 1 | 2;
}

/** The shapes of a workload's recurrent layers: each has the outputs of the one before as features. */
export function recurrentShapes({ input, layers }: Workload): RecurrentShape[] {
  let features = typeof input === "number" ? input : input.vector;
  return layers.map(({ cell, units, bidirectional }) => {
    const shape = { features, units, gates: gates[cell], directions: bidirectional ? 2 : 1 } as const;
    features = units * shape.directions;
    return shape;
  });
}

/**
 * The additions and multiplications in one step's recurrent matrix products, forward and backward, as if nothing were
 * masked.
 */
export function operations(workload: Workload): number {
  const perSample = recurrentShapes(workload).map(
    ({ features, units, gates, directions }) => directions * gates * units * (features + units),
  );
  // Once forward; backward once for the gradients of what came in, once for those of the kernels.
  return 3 * 2 * workload.batch * workload.time * perSample.reduce((sum, each) => sum + each, 0);
}
