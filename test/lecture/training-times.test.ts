import assert from "node:assert/strict";
import { test } from "node:test";
import { LectureReport, TrainingTimes } from "rnnlab/lecture";
import { richDisplay } from "../../src/display/index.js";
import { recordDisplay } from "../display/recorded-display.js";

const published = recordDisplay();

function twoTrainings(kerasPerEpoch?: Record<string, number>): TrainingTimes {
  const times = new TrainingTimes(kerasPerEpoch);
  times.keep("digits", { seconds: [4, 3.5] });
  times.keep("sine", { seconds: [0.25] });
  times.keep("digits", { seconds: [3] });
  return times;
}

test("training times are shown and summed, Keras's for as many epochs as ours", () => {
  const times = twoTrainings({ digits: 9, sine: 0.5, "not trained": 100 });
  assert.deepEqual([times.seconds, times.keras], [10.75, 27.5]);
  assert.equal(
    times.table()[richDisplay]()["text/plain"],
    `Seconds of training
training  epochs  Keras, seconds  ours, seconds
digits         3            27.0          10.50
sine           1             0.5           0.25
together       4            27.5          10.75`,
  );
});

test("Keras's sum is unknown when its time of one training is, and nothing is said of Keras in the report", () => {
  const times = twoTrainings({ digits: 9 });
  assert.equal(times.keras, undefined);
  new LectureReport({ notebook: "example", data: "sample", size: "quick" }).training(times).close();
  assert.deepEqual(reported(), { figures: { "seconds of training": 10.75 }, references: {} });
});

test("a report sets Keras's seconds of training beside ours", () => {
  const times = twoTrainings({ digits: 9.123, sine: 0.5 });
  new LectureReport({ notebook: "example", data: "real", size: "full" }).training(times).close();
  assert.deepEqual(reported(), {
    figures: { "seconds of training": 10.75 },
    references: { "seconds of training": { keras: 27.9 } },
  });
});

test("keep() returns the history that it was given", () => {
  const history = { loss: [1], seconds: [2] };
  assert.equal(new TrainingTimes().keep("any", history), history);
});

function reported(): unknown {
  const report = published[0]?.data["application/vnd.rnnlab.report+json"];
  assert.ok(typeof report === "object" && report !== null && "figures" in report && "references" in report);
  return { figures: report.figures, references: report.references };
}
