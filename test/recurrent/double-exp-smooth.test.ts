import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tf } from "rnnlab";
import { RandomGenerator } from "rnnlab/random";
import {
  classicalState,
  DoubleExpSmooth,
  identity,
  learnSmoothing,
  Rnn,
  runRnn,
  smoothingError,
  smoothingTensors,
} from "rnnlab/recurrent";

const random = new RandomGenerator(1);
const series = Array.from({ length: 40 }, (_, i) => 2 * i + 1 + 0.8 * random.normal());

/** The textbook's recursion, with no matrix in it. */
function plainRecursion(values: number[], alpha: number, beta: number, start: [number, number]): number[] {
  let [s, b] = start;
  return values.map((y) => {
    const before = s;
    s = alpha * y + (1 - alpha) * (s + b);
    b = beta * (s - before) + (1 - beta) * b;
    return s + b;
  });
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i]! - expected[i]!);
    assert.ok(
      distance <= tolerance * Math.max(1, Math.abs(expected[i]!)),
      `[${i}]: ${actual[i]}, not ${expected[i]}`,
    );
  }
}

describe("DoubleExpSmooth", () => {
  it("is an Rnn that equals the plain recursion from a state of zeros", () => {
    const smooth = new DoubleExpSmooth(0.7, 0.8);
    assert.ok(smooth instanceof Rnn);
    assertClose(smooth.predictSeries(series), plainRecursion(series, 0.7, 0.8, [0, 0]), 1e-13);
  });

  it("equals the classical recursion, which has s1 = y1 and b1 = y2 - y1, from the classical state", () => {
    const [y1, y2, ...rest] = series as [number, number, ...number[]];
    const smooth = new DoubleExpSmooth(0.7, 0.8, { initialState: classicalState(series) });
    const forecasts = smooth.predictSeries(series);
    assertClose([forecasts[0]!], [y2], 1e-13);
    assertClose(forecasts.slice(1), plainRecursion([y2, ...rest], 0.7, 0.8, [y1, y2 - y1]), 1e-13);
  });

  it("forecasts k steps ahead as level + k · trend, without a change of its state", () => {
    const smooth = new DoubleExpSmooth(0.7, 0.8);
    const last = smooth.predictSeries(series).at(-1)!;
    const [level, trend] = smooth.h.values as unknown as [number, number];
    assert.equal(smooth.forecast(), level + trend);
    assertClose([smooth.forecast()], [last], 1e-15);
    assert.equal(smooth.forecast(5), level + 5 * trend);
  });

  it("equals the same recursion on tensors", () => {
    const before = tf.memory().numTensors;
    const outputs = tf.tidy(() => {
      const inputs = tf.tensor2d(series, [series.length, 1]);
      const weights = smoothingTensors(tf.scalar(0.7), tf.scalar(0.8));
      const initialState = tf.tensor2d([...classicalState(series)], [2, 1]);
      return runRnn(weights, inputs, { sigma1: identity, initialState }).dataSync();
    });
    assert.equal(tf.memory().numTensors, before);
    const smooth = new DoubleExpSmooth(0.7, 0.8, { initialState: classicalState(series) });
    assertClose(outputs, smooth.predictSeries(series), 1e-5);
  });

  it("refuses shares that are none, states of another size, values that are not finite, no steps", () => {
    assert.throws(
      () => new DoubleExpSmooth(1.5, 0.8),
      new RangeError("Cannot create DoubleExpSmooth: alpha must be from 0 to 1, got 1.5"),
    );
    assert.throws(
      () => new DoubleExpSmooth(0.5, 0.8, { initialState: JSON.parse("[1]") }),
      new RangeError("Cannot create DoubleExpSmooth: initialState must be [level, trend], got 1 numbers"),
    );
    assert.throws(
      () => new DoubleExpSmooth(0.5, 0.5).predictSeries([1, Number.NaN]),
      new RangeError(
        "Cannot predict with DoubleExpSmooth: series must be finite numbers, got NaN at index 1",
      ),
    );
    assert.throws(
      () => new DoubleExpSmooth(0.5, 0.5).forecast(0),
      new RangeError("Cannot forecast with DoubleExpSmooth: steps must be a positive integer, got 0"),
    );
    assert.throws(
      () => classicalState([1]),
      new RangeError("Cannot start smoothing: series must have at least 2 values, got 1"),
    );
  });
});

describe("learnSmoothing()", () => {
  // Level and trend both wander, so that the best shares lie well inside (0, 1).
  const wander = new RandomGenerator(4);
  let [level, trend] = [0, 0];
  const walk = Array.from({ length: 60 }, () => {
    trend += 0.3 * wander.normal();
    level += trend + 0.3 * wander.normal();
    return level + wander.normal();
  });
  const initialState = classicalState(walk);

  it("has the gradient of finite differences", () => {
    const { losses } = learnSmoothing(walk, { alpha: 0.4, beta: 0.3, initialState, steps: 1 });
    assertClose([losses[0]!], [smoothingError(walk, 0.4, 0.3, initialState)], 1e-4);
    const slopes = tf.tidy(() => {
      const inputs = tf.tensor2d(walk.slice(0, -1), [walk.length - 1, 1]);
      const targets = tf.tensor2d(walk.slice(1), [walk.length - 1, 1]);
      const h0 = tf.tensor2d([...initialState], [2, 1]);
      const error = (alpha: tf.Tensor, beta: tf.Tensor): tf.Scalar => {
        const weights = smoothingTensors(alpha as tf.Scalar, beta as tf.Scalar);
        return runRnn(weights, inputs, { sigma1: identity, initialState: h0 }).sub(targets).square().mean();
      };
      return tf
        .grads(error)([tf.scalar(0.4), tf.scalar(0.3)])
        .map((slope) => slope.dataSync()[0]!);
    });
    const at = (alpha: number, beta: number) => smoothingError(walk, alpha, beta, initialState);
    const expected = [(at(0.4001, 0.3) - at(0.3999, 0.3)) / 2e-4, (at(0.4, 0.3001) - at(0.4, 0.2999)) / 2e-4];
    assertClose(slopes, expected, 1e-3);
  });

  it("finds what a grid search finds, and leaves no tensors", () => {
    const before = tf.memory().numTensors;
    const learned = learnSmoothing(walk, { alpha: 0.4, beta: 0.3, initialState, steps: 120 });
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual([learned.alphas.length, learned.betas.length], [120, 120]);
    assertClose([learned.alphas[0]!, learned.betas[0]!], [0.4, 0.3], 1e-6);
    assertClose([learned.alphas.at(-1)!, learned.betas.at(-1)!], [learned.alpha, learned.beta], 0.01);
    const shares = Array.from({ length: 24 }, (_, i) => (i + 1) / 25);
    const grid = shares.flatMap((alpha) => shares.map((beta) => ({ alpha, beta, error: 0 })));
    for (const place of grid) place.error = smoothingError(walk, place.alpha, place.beta, initialState);
    const best = grid.reduce((a, b) => (a.error < b.error ? a : b));
    assert.ok(best.alpha > 0.04 && best.alpha < 0.96 && best.beta > 0.04 && best.beta < 0.96);
    assert.ok(Math.abs(learned.alpha - best.alpha) < 0.03, `α ${learned.alpha}, grid ${best.alpha}`);
    assert.ok(Math.abs(learned.beta - best.beta) < 0.03, `β ${learned.beta}, grid ${best.beta}`);
    assert.ok(smoothingError(walk, learned.alpha, learned.beta, initialState) <= best.error * 1.001);
  });

  it("refuses a start at the border, a series of one value, and no steps", () => {
    assert.throws(
      () => learnSmoothing(walk, { alpha: 1 }),
      new RangeError("Cannot learn smoothing: alpha must be between 0 and 1, got 1"),
    );
    assert.throws(
      () => learnSmoothing([1]),
      new RangeError("Cannot learn smoothing: series must have at least 2 values, got 1"),
    );
    assert.throws(
      () => learnSmoothing(walk, { steps: 0 }),
      new RangeError("Cannot learn smoothing: steps must be a positive integer, got 0"),
    );
  });
});
