import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, type FusedOptimizer, rmsprop, sgd } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  start: Record<"table" | "kernel" | "bias", { shape: number[]; values: number[] }>;
  steps: Record<"indices" | "table" | "kernel" | "bias", number[]>[];
  cases: {
    optimizer: "adam" | "rmsprop" | "sgd";
    options: Record<string, number | boolean>;
    lowerRate: boolean;
    after: [number[][], number[][]];
  }[];
}

const golden = readGolden<Golden>("optimizers");
const makers = { adam, rmsprop, sgd };
const names: Record<string, string> = {
  learning_rate: "learningRate",
  beta_1: "beta1",
  beta_2: "beta2",
  global_clipnorm: "globalClipnorm",
  weight_decay: "weightDecay",
};
const implementations = nativeOps().available
  ? (["native", "tensorflow"] as const)
  : (["tensorflow"] as const);

/** One step down a linear loss whose gradients are given, the table's by way of looked-up rows. */
function minimize(optimizer: FusedOptimizer, variables: tf.Variable[], step: Golden["steps"][number]): void {
  const [table, kernel, bias] = variables as [tf.Variable, tf.Variable, tf.Variable];
  optimizer.minimize(
    () => {
      const found = tf.gather(table, tf.tensor1d(step.indices, "int32"));
      const slope = (values: number[], of: tf.Tensor) => tf.sum(tf.mul(of, tf.tensor(values, of.shape)));
      return tf
        .addN([slope(step.table, found), slope(step.kernel, kernel), slope(step.bias, bias)])
        .asScalar();
    },
    false,
    variables,
  );
}

for (const implementation of implementations) {
  for (const { optimizer: name, options, lowerRate, after } of golden.cases) {
    const title = `${JSON.stringify(options)}${lowerRate ? ", a lower rate from step 11" : ""}`;
    test(`${name}() moves as Keras's does, with ${implementation} ops: ${title}`, () => {
      const before = tf.memory().numTensors;
      const renamed = Object.fromEntries(
        Object.entries(options).map(([key, value]) => [names[key] ?? key, value]),
      );
      const optimizer = makers[name]({ ...renamed, implementation });
      const variables = Object.values(golden.start).map(({ shape, values }) =>
        tf.tidy(() => tf.variable(tf.tensor(values, shape))),
      );
      golden.steps.forEach((step, index) => {
        if (lowerRate && index === 10) optimizer.learningRate /= 4;
        minimize(optimizer, variables, step);
        const expected = index === 0 ? after[0] : index === golden.steps.length - 1 ? after[1] : undefined;
        expected?.forEach((values, which) => {
          const got = variables[which]!.dataSync();
          values.forEach((value, i) => {
            assert.ok(
              Math.abs(got[i]! - value) <= 2e-6 * (1 + Math.abs(value)),
              `step ${index + 1}, variable ${which}, number ${i}: ${got[i]}, Keras has ${value}`,
            );
          });
        });
      });
      tf.dispose(variables);
      optimizer.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }
}
