import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tf } from "rnnlab";
import { RandomGenerator } from "rnnlab/random";
import { Matrix, Rnn, rnnVariables, runRnn } from "rnnlab/recurrent";

describe("Rnn", () => {
  it("computes h = σ1(Whx x + Whh h + bh) and y = σ2(Wyh h + by)", () => {
    const rnn = new Rnn(2, 2, 1, { sigma2: (y) => 10 * y });
    rnn.Whx = Matrix.from([
      [1, 2],
      [0, -1],
    ]);
    rnn.Whh = Matrix.from([
      [0.5, 0],
      [1, 1],
    ]);
    rnn.bh = Matrix.from([0.1, 0.2]);
    rnn.Wyh = Matrix.from([[3, 4]]);
    rnn.by = Matrix.from([0.5]);
    let [h1, h2] = [0, 0];
    for (const [x1, x2] of [
      [0.3, 0.1],
      [-0.2, 0.4],
    ] as const) {
      [h1, h2] = [Math.tanh(x1 + 2 * x2 + 0.5 * h1 + 0.1), Math.tanh(-x2 + h1 + h2 + 0.2)];
      const y = rnn.predict([x1, x2]);
      assert.deepEqual(y.shape, [1, 1]);
      assert.ok(Math.abs(y.at(0, 0) - 10 * (3 * h1 + 4 * h2 + 0.5)) < 1e-12);
    }
  });

  it("draws its weights from the seeded standard normal distribution and begins with a state of zeros", () => {
    const rnn = new Rnn(2, 3, 1, { seed: 7 });
    const random = new RandomGenerator(7);
    for (const weights of [rnn.Whx, rnn.Whh, rnn.bh, rnn.Wyh, rnn.by]) {
      for (const weight of weights.values) assert.equal(weight, random.normal());
    }
    assert.deepEqual(rnn.h.toArray(), [[0], [0], [0]]);
    const shapes = [rnn.Whx, rnn.Whh, rnn.bh, rnn.Wyh, rnn.by].map(({ shape }) => shape);
    assert.deepEqual(shapes, [
      [3, 2],
      [3, 3],
      [3, 1],
      [1, 3],
      [1, 1],
    ]);
  });

  it("changes nothing but its state when it predicts", () => {
    const rnn = new Rnn(2, 3, 1);
    const { h, ...before } = structuredClone({ ...rnn, sigma1: null, sigma2: null });
    rnn.predict([0.3, 0.1]);
    const { h: after, ...rest } = structuredClone({ ...rnn, sigma1: null, sigma2: null });
    assert.deepEqual(rest, before);
    assert.notDeepEqual(after, h);
  });

  it("prints the old and the new state when told to", (test) => {
    const log = test.mock.method(console, "log", () => {});
    const rnn = new Rnn(1, 1, 1, { printH: true });
    rnn.predict([1]);
    rnn.predict([1]);
    const lines = log.mock.calls.map((call) => String(call.arguments[0]));
    assert.match(lines[0]!, /^h: 0 → -?0\.\d+$/);
    assert.equal(lines[1]!.split(" → ")[0], `h: ${lines[0]!.split(" → ")[1]}`);
  });

  it("refuses sizes that are no positive integers, inputs of another shape, and NaN", () => {
    assert.throws(
      () => new Rnn(2, 0, 1),
      new RangeError("Cannot create Rnn: d must be a positive integer, got 0"),
    );
    assert.throws(
      () => new Rnn(2, 3, 1).predict([1, 2, 3]),
      new RangeError("Cannot predict with Rnn: x must have shape [2, 1], got [3, 1]"),
    );
    assert.throws(
      () => new Rnn(2, 3, 1).predict([1, Number.NaN]),
      new RangeError("Cannot predict with Rnn: x must be finite numbers, got NaN at index 1"),
    );
    assert.throws(
      () => new Rnn(2, 3, 1).predict([[1, 2]]),
      new RangeError("Cannot predict with Rnn: x must have shape [2, 1], got [1, 2]"),
    );
  });
});

describe("runRnn()", () => {
  it("equals Rnn, step by step", () => {
    const rnn = new Rnn(2, 3, 2, { seed: 3 });
    const inputs = Matrix.generate(6, 2, Math.cos).toArray();
    const before = tf.memory().numTensors;
    const weights = rnnVariables(rnn);
    const outputs = tf.tidy(() => runRnn(weights, tf.tensor2d(inputs)).arraySync());
    tf.dispose(Object.values(weights));
    assert.equal(tf.memory().numTensors, before);
    for (const [t, x] of inputs.entries()) {
      for (const [i, y] of rnn.predict(x).values.entries()) {
        assert.ok(Math.abs(y - outputs[t]![i]!) < 1e-5, `[${t}, ${i}]: ${outputs[t]![i]}, not ${y}`);
      }
    }
  });

  it("is differentiated by all of its weights, equal to finite differences of Rnn", () => {
    const names = ["Whx", "Whh", "bh", "Wyh", "by"] as const;
    const inputs = Matrix.generate(4, 2, (i) => Math.sin(i + 1)).toArray();
    const rnn = new Rnn(2, 3, 1, { seed: 5 });
    const loss = () => {
      rnn.h = new Matrix(3, 1);
      return inputs.reduce((sum, x) => sum + rnn.predict(x).at(0, 0) ** 2, 0);
    };
    const variables = rnnVariables(rnn);
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => runRnn(variables, tf.tensor2d(inputs)).square().sum());
      for (const name of names) {
        const gradient = grads[variables[name].name]!.dataSync();
        rnn[name].values.forEach((weight, i, values) => {
          values[i] = weight + 1e-5;
          const above = loss();
          values[i] = weight - 1e-5;
          const slope = (above - loss()) / 2e-5;
          values[i] = weight;
          assert.ok(Math.abs(gradient[i]! - slope) < 1e-4 * Math.max(1, Math.abs(slope)), `${name}[${i}]`);
        });
      }
    });
    tf.dispose(Object.values(variables));
  });
});
