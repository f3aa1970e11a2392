"""Writes optimizers.json: variables after 1 and after 20 steps of Keras's optimisers, for every formula and clipping,
for rnnlab/optimizers to equal. The loss is linear, with other coefficients at each step, which are its gradients.

Run with: python test/golden/optimizers.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

STEPS, ROWS, COLUMNS, LOOKUPS = 20, 6, 3, 5
random = np.random.RandomState(9)
draw = lambda *shape: np.float32(np.round(random.normal(0, 1, shape), 4))
numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
start = {"table": draw(ROWS, COLUMNS), "kernel": draw(3, 7), "bias": draw(7)}
# Row 5 of the table is never looked up, others are several times in a step.
steps = [
    {
        "indices": random.randint(0, ROWS - 1, LOOKUPS),
        "table": draw(LOOKUPS, COLUMNS),
        "kernel": draw(3, 7),
        "bias": 0.1 * draw(7),
    }
    for _ in range(STEPS)
]

FORMULAS = [
    ("adam", {"learning_rate": 0.01}),
    ("adam", {"learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01}),
    ("rmsprop", {"learning_rate": 0.01}),
    ("rmsprop", {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "epsilon": 0.001}),
    ("rmsprop", {"learning_rate": 0.01, "centered": True, "epsilon": 0.01}),
    ("rmsprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.9, "epsilon": 0.01}),
    ("sgd", {"learning_rate": 0.05}),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
]
CLIPPINGS = [{}, {"clipnorm": 1.5}, {"global_clipnorm": 2.0}, {"clipvalue": 0.4}, {"weight_decay": 0.1}]
MAKERS = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}


def case(name, options, lower_rate):
    optimizer = MAKERS[name](**options)
    variables = [tf.Variable(value) for value in start.values()]
    after = []
    for index, step in enumerate(steps):
        if lower_rate and index == 10:
            optimizer.learning_rate = options["learning_rate"] / 4
        table = np.zeros((ROWS, COLUMNS), np.float32)
        np.add.at(table, step["indices"], step["table"])
        gradients = [table, step["kernel"], step["bias"]]
        optimizer.apply_gradients((tf.constant(g, tf.float32), v) for g, v in zip(gradients, variables))
        if index in (0, STEPS - 1):
            after.append([numbers(variable.numpy()) for variable in variables])
    return {"optimizer": name, "options": options, "lowerRate": lower_rate, "after": after}


cases = [
    case(name, {**options, **clipping}, lower_rate)
    for name, options in FORMULAS
    for clipping in CLIPPINGS
    for lower_rate in ((False, True) if clipping == {} else (False,))
]
golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "start": {name: {"shape": value.shape, "values": numbers(value)} for name, value in start.items()},
    "steps": [{name: numbers(value) for name, value in step.items()} for step in steps],
    "cases": cases,
}
text = json.dumps(golden, separators=(",", ":")).replace('{"optimizer"', '\n{"optimizer"')
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
