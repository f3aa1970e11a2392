import assert from "node:assert/strict";
import { test } from "node:test";
import { toMimeBundle } from "rnnlab/display";
import { dropdown, interact, slider, type Widget } from "rnnlab/widgets";

type Cell = "GRU" | "LSTM";

/** It is compiled, which is the test, and never called: what is expected here are errors of the compiler. */
function refused(): void {
  const both = (parameters: { alpha: number; model: Cell }) => parameters;
  // @ts-expect-error a choice that the parameter does not know
  interact(both, { alpha: [0, 1, 0.05], model: ["GRU", "RNN"] });
  // @ts-expect-error a parameter without control
  interact(both, { alpha: [0, 1, 0.05] });
  // @ts-expect-error a control without parameter
  interact((parameters: { alpha: number }) => parameters, { alpha: [0, 1], beta: true });
  // @ts-expect-error a control of another type
  interact((parameters: { alpha: number }) => parameters, { alpha: true });
  // @ts-expect-error any text where only two are known
  interact((parameters: { model: Cell }) => parameters, { model: "GRU" });
  // @ts-expect-error a widget with a value of another type
  interact((parameters: { alpha: string }) => parameters, { alpha: slider() });
  // @ts-expect-error a number has no length
  interact(({ alpha }) => alpha.length, { alpha: [0, 1] });
  // @ts-expect-error the value is none of the choices
  dropdown({ options: ["GRU", "LSTM"], value: "RNN" });
}

test("interact() and its controls agree for the compiler, whichever of both has the types", () => {
  assert.equal(typeof refused, "function");
  interact(
    ({ alpha, model, epochs, shuffle }) => {
      const typed: [number, Cell, number, boolean] = [alpha, model, epochs, shuffle];
      return typed;
    },
    { alpha: [0, 1, 0.05], model: ["GRU", "LSTM"], epochs: 3, shuffle: true },
  );
  const cell: Widget<Cell> = dropdown({ options: ["GRU", "LSTM"] });
  interact((parameters: { alpha?: number; cell: Cell }) => parameters, { alpha: slider({ max: 2 }), cell });
});

test("interact() names the control that it cannot make", () => {
  assert.throws(
    () => interact(() => 1, { alpha: new Map() as never }),
    /^TypeError: Cannot interact: alpha must be \[min, max, step\], a list of strings, .*, got Map/,
  );
});

test("on a terminal interact() is its controls and what the function returns for their values", async () => {
  const text = async (value: unknown) => (await toMimeBundle(value))["text/plain"];
  const controls = { alpha: [0, 1, 0.05], model: ["GRU", "LSTM"] } as const;
  const written = (last: string) =>
    ["interact", "  slider alpha: 0", "  dropdown model: 'GRU'", `  ${last}`].join("\n");
  assert.equal(
    await text(interact(({ alpha, model }) => `${model}\n${alpha}`, controls)),
    written("GRU\n  0"),
  );
  assert.equal(
    await text(interact(async ({ alpha }) => alpha + 1, { alpha: [0, 1] })),
    "interact\n  slider alpha: 0\n  1",
  );
  assert.equal(
    await text(interact(({ alpha, model }) => void `${alpha}${model}`, controls)),
    written("output"),
  );
  assert.throws(
    () => toMimeBundle(interact(({ n }) => "a".repeat(-n - 1), { n: [0, 5] })),
    /^RangeError: Invalid count value/,
  );
});
