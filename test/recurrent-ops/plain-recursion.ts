// Recurrent layers in float64 and plain loops, row by row and straight from the equations: slow and easy to check.
import type { CellName, RecurrentActivation } from "../../src/recurrent-ops/call.js";

export interface Sizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** The numbers that a layer computes with, row by row. */
export interface PlainTensors {
  readonly x: Float64Array;
  readonly kernel: Float64Array;
  readonly recurrentKernel: Float64Array;
  readonly bias: Float64Array;
  readonly initialState: readonly Float64Array[];
}

export interface PlainOptions {
  readonly activation: RecurrentActivation;
  readonly recurrentActivation: RecurrentActivation;
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  /** `[batch × time]`, 0 for steps that do not count. */
  readonly mask?: readonly number[] | undefined;
}

const activations: Readonly<Record<RecurrentActivation, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  hardSigmoid: (x) => Math.min(Math.max(x / 5 + 0.5, 0), 1),
  hardSigmoid6: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
};

/** Outputs and final states, one after the other. */
export function plainRecursion(
  cell: CellName,
  sizes: Sizes,
  tensors: PlainTensors,
  options: PlainOptions,
): number[][] {
  const { batch, time, features, units } = sizes;
  const { goBackwards, returnSequences, mask } = options;
  const outputs: number[] = [];
  const finals: number[][] = tensors.initialState.map(() => []);
  for (let row = 0; row < batch; row++) {
    let states = tensors.initialState.map((state) => slice(state, row, units));
    let output = new Array<number>(units).fill(0);
    for (let step = 0; step < time; step++) {
      const index = row * time + (goBackwards ? time - 1 - step : step);
      if (mask === undefined || mask[index] !== 0) {
        states = advance(cell, slice(tensors.x, index, features), states, units, tensors, options);
        output = states[0]!;
      }
      if (returnSequences || step === time - 1) outputs.push(...output);
    }
    states.forEach((state, i) => {
      finals[i]!.push(...state);
    });
  }
  return [outputs, ...finals];
}

function slice(values: Float64Array, row: number, width: number): number[] {
  return [...values.subarray(row * width, (row + 1) * width)];
}

function advance(
  cell: CellName,
  x: number[],
  [h = [], c = []]: number[][],
  units: number,
  { kernel, recurrentKernel, bias }: PlainTensors,
  options: PlainOptions,
): number[][] {
  const gates = recurrentKernel.length / units ** 2;
  const a = activations[options.activation];
  const s = activations[options.recurrentActivation];
  const product = (values: number[], weights: Float64Array, gate: number, u: number) =>
    values.reduce((sum, value, i) => sum + value * weights[i * gates * units + gate * units + u]!, 0);
  const fromX = (gate: number, u: number) => product(x, kernel, gate, u) + bias[gate * units + u]!;
  const fromH = (gate: number, u: number) => product(h, recurrentKernel, gate, u);
  const each = (of: (u: number) => number) => Array.from({ length: units }, (_, u) => of(u));
  switch (cell) {
    case "simpleRnn":
      return [each((u) => a(fromX(0, u) + fromH(0, u)))];
    case "lstm": {
      const gate = (n: number, f: (x: number) => number, u: number) => f(fromX(n, u) + fromH(n, u));
      const next = each((u) => gate(1, s, u) * c[u]! + gate(0, s, u) * gate(2, a, u));
      return [each((u) => gate(3, s, u) * a(next[u]!)), next];
    }
    case "gru": {
      const inner = (n: number, u: number) => fromH(n, u) + bias[3 * units + n * units + u]!;
      return [
        each((u) => {
          const z = s(fromX(0, u) + inner(0, u));
          const r = s(fromX(1, u) + inner(1, u));
          return z * h[u]! + (1 - z) * a(fromX(2, u) + r * inner(2, u));
        }),
      ];
    }
    case "gruResetBefore": {
      const reset = each((u) => s(fromX(1, u) + fromH(1, u)) * h[u]!);
      return [
        each((u) => {
          const z = s(fromX(0, u) + fromH(0, u));
          return z * h[u]! + (1 - z) * a(fromX(2, u) + product(reset, recurrentKernel, 2, u));
        }),
      ];
    }
  }
}
