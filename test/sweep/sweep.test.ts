import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSweep, report, Sweep, type SweepRun } from "rnnlab/sweep";
import { recordDisplay } from "../display/recorded-display.js";
import { temporaryFolder } from "../setup/temporary.js";

const published = recordDisplay();

interface Parameters {
  readonly rate: number;
  readonly kind: string;
}
interface Figures {
  readonly loss: number;
}

const base = { seconds: 1, attempts: 1 } as const;
const finished = (id: string, rate: number, kind: string, loss: number) =>
  ({ ...base, id, parameters: { rate, kind }, status: "ok", figures: { loss } }) as const;
const failed = {
  ...base,
  id: "d",
  parameters: { rate: 1, kind: "b" },
  status: "failed",
  figures: {},
  error: "cell 2, Error: too fast",
} as const;
const runs: readonly SweepRun<Parameters, Figures>[] = [
  finished("a", 0.1, "a", 0.4),
  finished("b", 0.1, "b", 0.2),
  finished("c", 0.01, "a", 0.3),
  failed,
];

test("Sweep knows its best run, by the figure that is named or reported first", () => {
  const sweep = new Sweep(runs);
  assert.equal(sweep.metric, "loss");
  assert.equal(sweep.best().id, "b");
  assert.equal(sweep.best({ direction: "maximize", metric: "loss" }).id, "a");
  assert.deepEqual([sweep.finished.length, sweep.failed[0]?.error], [3, "cell 2, Error: too fast"]);
  const unknown = new Sweep(runs, { metric: "accuracy" });
  assert.throws(() => unknown.best(), /^RangeError: Cannot choose a run: .* report accuracy, got loss$/);
  assert.throws(
    () => new Sweep([]).figure(),
    /^RangeError: Cannot draw the sweep: .* a figure, got no figures$/,
  );
});

test("Sweep draws the figure over each parameter that varies, with means where values come again", () => {
  const { data, layout } = new Sweep(runs).figure();
  const drawn = data.map(({ name, x, y, xaxis }) => ({ name, x, y, xaxis }));
  assert.deepEqual(drawn, [
    { name: "run", x: [0.1, 0.1, 0.01], y: [0.4, 0.2, 0.3], xaxis: "x" },
    { name: "mean", x: [0.01, 0.1], y: [0.3, (0.4 + 0.2) / 2], xaxis: "x" },
    { name: "run", x: ["a", "b", "a"], y: [0.4, 0.2, 0.3], xaxis: "x2" },
    { name: "mean", x: ["a", "b"], y: [0.35, 0.2], xaxis: "x2" },
  ]);
  const { xaxis, xaxis2 } = layout as Record<string, { type?: string; title?: { text: string } }>;
  assert.deepEqual([xaxis?.type, xaxis?.title?.text], ["log", "rate"]);
  assert.deepEqual([xaxis2?.type, xaxis2?.title?.text], [undefined, "kind"]);
});

test("Sweep of a single run draws it, too", () => {
  const { data } = new Sweep(runs.slice(0, 1)).figure();
  assert.deepEqual(
    data.map(({ x, y }) => [x, y]),
    [[[1], [0.4]]],
  );
});

test("Sweep's rows tell parameters from figures of the same name", () => {
  const { rows } = new Sweep([
    { ...base, id: "e", parameters: { seconds: 5 }, status: "ok", figures: { seconds: 7 } },
  ]);
  assert.deepEqual(rows, [
    { seconds: 5, "seconds (figure)": 7, "seconds (run)": 1, status: "ok", error: "" },
  ]);
});

test("Sweep shows itself as a table", async () => {
  const { display } = await import("rnnlab/display");
  await display(new Sweep(runs, { total: 9 }));
  const text = String(published[0]?.data["text/plain"]);
  assert.match(text, /^4 of 9 runs, 1 failed\nrate +kind +loss +seconds +status +error\n/);
});

test("readSweep() keeps the order of the plan, and leaves out runs of another grid and half-written ones", (context) => {
  const folder = temporaryFolder(context);
  assert.throws(() => readSweep(folder), /^Error: Cannot read a sweep: .*rnnlab sweep makes it$/);
  mkdirSync(join(folder, "runs"));
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  for (const each of runs) write(`runs/${each.id}.json`, each);
  writeFileSync(join(folder, "runs/b.json.x.saving"), '{"id":');
  write("sweep.json", { format: 1, metric: "loss", runs: ["d", "e", "b", "a"] });
  const sweep = readSweep<Parameters, Figures>(folder);
  assert.deepEqual(
    sweep.runs.map(({ id }) => id),
    ["d", "b", "a"],
  );
  const rate: number = sweep.best().parameters.rate;
  assert.deepEqual([rate, sweep.total], [0.1, 4]);
  write("runs/b.json", failed);
  assert.throws(
    () => readSweep(folder),
    /^Error: Cannot read .*b\.json: its id must be its name, got "d"; delete it, /,
  );
  write("sweep.json", { format: 2 });
  assert.throws(() => readSweep(folder), /^Error: Cannot read .*sweep\.json: it must be of format 1, got 2$/);
});

test("report() shows figures and leaves them to other programs, and refuses what is no figure", () => {
  report({ loss: 0.5, epochs: 3 });
  assert.deepEqual(published[0]?.data["application/vnd.rnnlab.report+json"], {
    figures: { loss: 0.5, epochs: 3 },
  });
  assert.match(String(published[0]?.data["text/plain"]), /^figure +value\nloss +0\.5\nepochs +3/);
  assert.throws(() => report({}), /^RangeError: Cannot report: there must be at least one figure, got none$/);
  assert.throws(() => report({ loss: Number.NaN }), /^RangeError: Cannot report "loss": .* got NaN$/);
});
