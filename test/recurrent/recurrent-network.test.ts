import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tf } from "rnnlab";
import { RandomGenerator } from "rnnlab/random";
import {
  autodiffGradients,
  backpropagatedGradients,
  CrossEntropyLoss,
  doubleSumGradients,
  type Gradients,
  LinearLayer,
  type Loss,
  Matrix,
  MSELoss,
  numericGradients,
  Parameter,
  RecurrentNetwork,
  relativeErrors,
  Sgd,
  softmax,
  train,
} from "rnnlab/recurrent";

const random = new RandomGenerator(2);
const normal = (rows: number, columns: number) => Matrix.generate(rows, columns, () => random.normal());

// Weights around 0 leave tanh its slope, so that long products of Jacobians count.
const network = new RecurrentNetwork(2, 4, 3, { range: [-0.6, 0.6], seed: 1 });
const sequence = normal(7, 2);
const targets = normal(7, 3);
const mse = new MSELoss();

function assertEqualGradients(actual: Gradients, expected: Gradients, tolerance: number): void {
  for (const [name, error] of Object.entries(relativeErrors(actual, expected))) {
    assert.ok(error < tolerance, `${name}: relative error ${error}`);
  }
}

describe("RecurrentNetwork", () => {
  it("computes h = tanh(x·wx + h·wh + bias) and o = h·wo + bo", () => {
    const [wx, bias, wh, wo, bo] = network.parameters.map(({ value }) => value.toArray()) as number[][][];
    let h = [0, 0, 0, 0];
    const outputs = network.forward(sequence).toArray();
    for (const [t, x] of sequence.toArray().entries()) {
      h = h.map((_, j) => {
        const fromInput = x.reduce((sum, value, i) => sum + value * wx![i]![j]!, bias![0]![j]!);
        return Math.tanh(h.reduce((sum, value, i) => sum + value * wh![i]![j]!, fromInput));
      });
      for (const [k, output] of outputs[t]!.entries()) {
        const expected = h.reduce((sum, value, j) => sum + value * wo![j]![k]!, bo![0]![k]!);
        assert.ok(Math.abs(output - expected) < 1e-12);
      }
    }
  });

  it("draws its weights from [0, 1) and names them as the lecture does", () => {
    const { parameters } = new RecurrentNetwork(1, 3, 2);
    assert.deepEqual(
      parameters.map(({ name, value }) => `${name} ${value}`),
      ["wx [1, 3]", "bias [1, 3]", "wh [3, 3]", "wo [3, 2]", "bo [1, 2]"],
    );
    assert.ok(parameters.every(({ value }) => value.values.every((weight) => weight >= 0 && weight < 1)));
  });

  it("goes on from a given state as if the sequence had not been cut", () => {
    const whole = network.run(sequence);
    const first = network.run(sequence.toArray().slice(0, 3));
    const rest = network.run(sequence.toArray().slice(3), first.states.row(2));
    assert.deepEqual(rest.outputs.toArray(), whole.outputs.toArray().slice(3));
  });

  for (const [name, loss, wanted] of [
    ["MSELoss", mse, targets],
    ["CrossEntropyLoss", new CrossEntropyLoss(), softmax(targets)],
  ] as [string, Loss, Matrix][]) {
    it(`backpropagates through time: equal to finite differences (${name})`, () => {
      const expected = numericGradients(network, sequence, wanted, loss);
      assertEqualGradients(backpropagatedGradients(network, sequence, wanted, loss), expected, 1e-8);
    });
  }

  it("backpropagates through time: equal to TensorFlow's automatic differentiation", () => {
    const before = tf.memory().numTensors;
    const expected = autodiffGradients(network, sequence, targets);
    assert.equal(tf.memory().numTensors, before);
    assertEqualGradients(backpropagatedGradients(network, sequence, targets, mse), expected, 1e-6);
  });

  it("gives the gradient by its inputs, equal to finite differences", () => {
    const gradient = network.backward(mse.gradient(network.forward(sequence), targets));
    sequence.values.forEach((value, i) => {
      const lossAt = (x: number) => {
        const moved = sequence.map((old, j) => (j === i ? x : old));
        return mse.value(network.run(moved).outputs, targets);
      };
      const slope = (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5;
      assert.ok(Math.abs(gradient.values[i]! - slope) < 1e-9);
    });
  });

  it("adds up the gradients of several sequences", () => {
    const one = backpropagatedGradients(network, sequence, targets, mse);
    for (let i = 0; i < 2; i++) network.backward(mse.gradient(network.forward(sequence), targets));
    const twice = Object.fromEntries(
      network.parameters.map(({ name, gradient }) => [name, gradient.scale(0.5)]),
    );
    assertEqualGradients(twice, one, 1e-14);
    for (const { gradient } of network.parameters) gradient.values.fill(0);
  });

  it("refuses other shapes, an empty sequence, and a backward pass before a forward pass", () => {
    assert.throws(
      () => network.forward([1, 2, 3]),
      new RangeError("Cannot run RecurrentNetwork: sequence must have shape [T, 2], got [3, 1]"),
    );
    assert.throws(
      () => network.forward([[1, 2], [3]]),
      new RangeError("Cannot create Matrix: every row must have 2 features, got 1 in row 1"),
    );
    assert.throws(
      () => network.forward([[1, Number.NaN]]),
      new RangeError("Cannot run RecurrentNetwork: sequence must be finite numbers, got NaN at index 1"),
    );
    assert.throws(
      () => network.forward([]),
      new RangeError("Cannot create Matrix: rows must be a positive integer, got 0"),
    );
    assert.throws(
      () => new RecurrentNetwork(1, 1, 1).backward(new Matrix(1, 1)),
      new RangeError("Cannot backpropagate: forward must be called first, got no pass yet"),
    );
    network.forward(sequence);
    assert.throws(
      () => network.backward(new Matrix(7, 2)),
      new RangeError("Cannot backpropagate: the gradient must have the outputs' shape [7, 3], got [7, 2]"),
    );
    assert.throws(
      () => mse.value([1, 2], [1, 2, 3]),
      new RangeError("Cannot compute loss: targets must have the outputs' shape [2, 1], got [3, 1]"),
    );
  });
});

describe("doubleSumGradients()", () => {
  it("equals backpropagation through time with the derived Jacobian", () => {
    const expected = backpropagatedGradients(network, sequence, targets, mse);
    assertEqualGradients(doubleSumGradients(network, sequence, targets, mse), expected, 1e-12);
  });

  it("is far off with the published Jacobian, wherever the state is passed on", () => {
    const expected = numericGradients(network, sequence, targets, mse);
    const published = doubleSumGradients(network, sequence, targets, mse, { jacobian: "published" });
    const errors = relativeErrors(published, expected);
    for (const name of ["wx", "wh", "bias"]) assert.ok(errors[name]! > 0.1, `${name}: ${errors[name]}`);
    for (const name of ["wo", "bo"]) assert.ok(errors[name]! < 1e-8, `${name}: ${errors[name]}`);
  });

  it("refuses another Jacobian", () => {
    assert.throws(
      () => doubleSumGradients(network, sequence, targets, mse, JSON.parse('{ "jacobian": "true" }')),
      new RangeError(
        'Cannot sum gradients over steps: jacobian must be "derived" or "published", got \'true\'',
      ),
    );
  });
});

describe("relativeErrors()", () => {
  it("is 0 for equal, 1 for opposite or missing gradients, and refuses other parameters", () => {
    const ones = { w: Matrix.from([1, 1]) };
    assert.deepEqual(relativeErrors(ones, ones), { w: 0 });
    assert.deepEqual(relativeErrors({ w: new Matrix(2, 1) }, ones), { w: 1 });
    assert.deepEqual(relativeErrors({ w: new Matrix(2, 1) }, { w: new Matrix(2, 1) }), { w: 0 });
    assert.throws(
      () => relativeErrors({}, ones),
      new RangeError("Cannot compare gradients: w must have shape [2, 1], got undefined"),
    );
  });
});

describe("LinearLayer", () => {
  it("has no bias when it shall have none", () => {
    const layer = new LinearLayer(2, 1, false);
    assert.deepEqual(layer.parameters, [layer.weight]);
    assert.deepEqual(layer.forward([[0, 0]]).toArray(), [[0]]);
  });
});

describe("Sgd", () => {
  const weight = (value: number, gradient: number) => {
    const parameter = new Parameter("w", Matrix.from([value]));
    parameter.gradient.add(Matrix.from([gradient]));
    return parameter;
  };

  it("shortens gradients that are together longer than clipNorm", () => {
    const [a, b] = [weight(0, 3), weight(0, 4)];
    new Sgd({ learningRate: 1, clipNorm: 1 }).step([a, b]);
    assert.ok(Math.abs(a.value.at(0, 0) + 0.6) < 1e-15 && Math.abs(b.value.at(0, 0) + 0.8) < 1e-15);
  });

  it("refuses gradients that are not finite before it changes a weight, and rates that are not positive", () => {
    const [a, b] = [weight(1, 1), weight(1, Number.NaN)];
    assert.throws(
      () => new Sgd({ learningRate: 1 }).step([a, b]),
      new RangeError(
        "Cannot take SGD step: gradients must be finite, got NaN or infinity in w; lower the learning rate, or look for NaN in the targets",
      ),
    );
    assert.equal(a.value.at(0, 0), 1);
    assert.throws(
      () => new Sgd({ learningRate: 0 }),
      new RangeError("Cannot create Sgd: learningRate must be a positive number, got 0"),
    );
  });
});

describe("train()", () => {
  it("learns the lecture's noisy sine, and prints one loss an epoch", async (test) => {
    const noise = new RandomGenerator(0);
    const segments = Array.from({ length: 100 }, (_, n) =>
      Array.from({ length: 11 }, (_, i) => Math.sin((n + i / 10) * Math.PI) + noise.normal(0, 0.008)),
    );
    const inputs = segments.map((segment) => segment.slice(0, -1));
    const wanted = segments.map((segment) => segment.slice(1));
    const log = test.mock.method(console, "log", () => {});
    const model = new RecurrentNetwork(1, 5, 1, { seed: 1 });
    const losses = await train(inputs, wanted, model, mse, new Sgd({ learningRate: 0.1 }), 9);
    const lines = log.mock.calls
      .map((call) => String(call.arguments[0]))
      .filter((line) => line.includes("loss"));
    assert.equal(lines.length, 9);
    assert.match(lines[8]!, /^epoch 9\/9: loss 0\.0\d+$/);
    assert.ok(losses[8]! < 0.1 * losses[0]!, losses.join(" "));
  });

  it("prints the loss of every few epochs and of the last, on request", async (test) => {
    const log = test.mock.method(console, "log", () => {});
    const model = new RecurrentNetwork(1, 1, 1);
    const printing = { printEvery: 2 };
    await train([[0, 1]], [[1, 0]], model, mse, new Sgd({ learningRate: 0.1 }), 5, printing);
    const lines = log.mock.calls.map((call) => /^epoch \d/.exec(String(call.arguments[0]))?.[0] ?? "");
    assert.deepEqual(lines.filter(Boolean), ["epoch 2", "epoch 4", "epoch 5"]);
  });

  it("refuses no sequences, another number of targets and no epochs", async () => {
    const model = new RecurrentNetwork(1, 1, 1);
    const sgd = new Sgd({ learningRate: 0.1 });
    await assert.rejects(train([], [], model, mse, sgd, 1), /got 0 sequences and 0 targets$/);
    await assert.rejects(train([[1]], [], model, mse, sgd, 1), /got 1 sequences and 0 targets$/);
    await assert.rejects(
      train([[1]], [[1]], model, mse, sgd, 0),
      /epochs must be a positive integer, got 0$/,
    );
  });
});
