import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  accordion,
  button,
  checkbox,
  column,
  datePicker,
  dropdown,
  number,
  output,
  progress,
  rangeSlider,
  row,
  sketch,
  slider,
  tabs,
  text,
} from "rnnlab/widgets";

// What they do within a kernel is tested there: test/kernel/widgets.test.ts.

test("widgets keep values of their types where there is no front end, and write themselves as text", () => {
  const alpha = slider({ min: 0, max: 1, step: 0.05, description: "alpha" });
  alpha.value = 0.5;
  const model = dropdown({ options: { gated: "GRU", long: "LSTM" }, value: "LSTM" });
  const day = datePicker({ value: new Date(2026, 10, 29) });
  const all = column([
    row([alpha, model]),
    tabs({ one: checkbox({ value: true, description: "shuffle" }), two: button({ description: "Run" }) }),
    accordion({ more: output() }),
  ]);
  assert.equal(
    inspect(all),
    [
      "column",
      "  row",
      "    slider alpha: 0.5",
      "    dropdown: 'LSTM'",
      "  tabs",
      "    one: checkbox shuffle: true",
      "    two: button Run",
      "  accordion",
      "    more: output",
    ].join("\n"),
  );
  assert.deepEqual(day.value, new Date(2026, 10, 29));
});

test("a handler gets the newest value once, however often it has changed", async () => {
  const alpha = slider({ max: 10 });
  const seen: number[] = [];
  const told = new Promise<void>((resolve) => {
    alpha.onChange((value) => {
      seen.push(value);
      resolve();
    });
  });
  for (let value = 1; value <= 10; value++) alpha.value = value;
  await told;
  assert.deepEqual(seen, [10]);
});

test("a widget is read as a stream of its newest values until it is closed", async () => {
  const name = text();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const value of name) {
      seen.push(value);
      if (value === "b") name.close();
      else name.value = "b";
    }
  })();
  await null;
  name.value = "a";
  await reading;
  assert.deepEqual(seen, ["a", "b"]);
});

test("what a widget cannot be is refused by name, rule and value", () => {
  const refused: [() => unknown, string][] = [
    [() => slider({ min: 1, max: 0 }), "Cannot build slider: max must be a number greater than 1, got 0"],
    [() => slider({ value: 101 }), "Cannot build slider: value must be a number from 0 to 100, got 101"],
    [() => slider({ step: 0 }), "Cannot build slider: step must be a number greater than 0, got 0"],
    [
      () => slider({ min: 0, max: 1, log: true }),
      "Cannot build slider: with log, min and max must be growing numbers greater than 0, got 0 and 1",
    ],
    [
      () => rangeSlider({ value: [5, 2] }),
      "Cannot build rangeSlider: value[1] must be a number from 5 to 100, got 2",
    ],
    [
      () => number({ min: 1, max: 5, value: 9 }),
      "Cannot build number: value must be a number from 1 to 5, got 9",
    ],
    [() => dropdown({ options: [] }), "Cannot build dropdown: options must have a choice, got none"],
    [
      () => datePicker({ value: new Date(Number.NaN) }),
      "Cannot set datePicker: value must be a valid date or null, got Invalid Date",
    ],
    [
      () => text({ layout: { wide: "1em" } as never }),
      "Cannot lay out a widget: its layout must have CSS properties, got wide",
    ],
    [() => sketch({ width: 0 }), "Cannot build sketch: width must be a positive integer, got 0"],
    [() => sketch({ value: new Uint8Array(3) }), "Cannot set sketch: value must have 784 grey levels, got 3"],
    [() => progress().set({ max: -1 }), "Cannot set progress: value must be a number from 0 to -1, got 0"],
  ];
  for (const [make, message] of refused) {
    assert.throws(make, (error) => error instanceof RangeError && error.message === message, message);
  }
  assert.throws(
    () => sketch({ value: [0] as never }),
    /^TypeError: Cannot set sketch: value must be a Uint8Array, got number\[\]/,
  );
  assert.throws(
    () => row(["text" as never]),
    /^TypeError: Cannot build row: it must hold widgets, got 'text'/,
  );
});
