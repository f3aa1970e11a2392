import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellName, RecurrentActivation } from "../../src/recurrent-ops/call.js";
import { readGolden } from "../golden/read-golden.js";
import { assertNear, implementations, runLayer } from "./layer-run.js";

interface Golden {
  readonly sizes: [number, number, number, number];
  readonly mask: number[];
  readonly tensors: Readonly<
    Record<
      CellName,
      {
        readonly x: number[];
        readonly kernel: number[];
        readonly recurrentKernel: number[];
        readonly bias: number[];
        readonly initialState: number[][];
        readonly dSequence: number[];
        readonly dStates: number[][];
      }
    >
  >;
  readonly cases: readonly {
    readonly cell: CellName;
    readonly masked: boolean;
    readonly goBackwards: boolean;
    readonly returnSequences: boolean;
    readonly initial: boolean;
    readonly activation: RecurrentActivation;
    readonly recurrentActivation: RecurrentActivation | "hard_sigmoid";
    readonly outputs: number[];
    readonly states: number[][];
    readonly gradients: number[][];
  }[];
}

const golden = readGolden<Golden>("recurrent-ops");
const [batch, time, features, units] = golden.sizes;
const kerasCells: readonly CellName[] = ["simpleRnn", "lstm", "gru", "gruResetBefore"];

for (const implementation of implementations) {
  for (const cell of kerasCells) {
    test(`${cell} (${implementation}) gives Keras's outputs, states and gradients for every option`, () => {
      const cases = golden.cases.filter((each) => each.cell === cell);
      assert.equal(cases.length, 19);
      for (const { masked, initial, outputs, states, gradients, ...options } of cases) {
        const { dSequence, dStates, initialState, ...tensors } = golden.tensors[cell];
        const isLast = (_: number, i: number) => Math.floor(i / units) % time === time - 1;
        const run = runLayer(
          cell,
          { batch, time, features, units },
          {
            ...tensors,
            initialState: initial ? initialState : undefined,
            mask: masked ? golden.mask : undefined,
            dOutputs: options.returnSequences ? dSequence : dSequence.filter(isLast),
            dStates,
          },
          {
            activation: options.activation,
            recurrentActivation:
              options.recurrentActivation === "hard_sigmoid" ? "hardSigmoid6" : options.recurrentActivation,
            goBackwards: options.goBackwards,
            returnSequences: options.returnSequences,
            implementation,
          },
        );
        const name = JSON.stringify({ ...options, masked, initial });
        assertNear(run.outputs, outputs, 1e-5, `outputs ${name}`);
        assert.equal(run.states.length, states.length);
        states.forEach((state, i) => {
          assertNear(run.states[i]!, state, 1e-5, `state ${i} ${name}`);
        });
        assert.equal(run.gradients.length, gradients.length);
        gradients.forEach((gradient, i) => {
          assertNear(run.gradients[i]!, gradient, 1e-4, `gradient ${i} ${name}`);
        });
      }
    });
  }
}
