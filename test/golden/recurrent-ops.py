"""Writes recurrent-ops.json: outputs, final states and gradients of Keras's recurrent layers, in float64, for every cell,
mask, direction, output and initial state, for rnnlab/recurrent-ops to equal.

Run with: python test/golden/recurrent-ops.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import itertools
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
random = np.random.RandomState(5)
BATCH, TIME, FEATURES, UNITS = 3, 4, 2, 3
GATES = {"simpleRnn": 1, "lstm": 4, "gru": 3, "gruResetBefore": 3}
LAYERS = {
    "simpleRnn": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "gruResetBefore": keras.layers.GRU,
}
# A hole, a row that is masked at both ends and a row that is masked altogether.
MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0]], bool)

numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
draw = lambda *shape: np.float32(random.normal(0, 0.7, shape)).astype(np.float64)


def tensors(cell):
    columns = GATES[cell] * UNITS
    states = 2 if cell == "lstm" else 1
    return {
        "x": draw(BATCH, TIME, FEATURES),
        "kernel": draw(FEATURES, columns),
        "recurrentKernel": draw(UNITS, columns),
        "bias": draw(2, columns) if cell == "gru" else draw(columns),
        "initialState": [draw(BATCH, UNITS) for _ in range(states)],
        "dSequence": draw(BATCH, TIME, UNITS),
        "dStates": [draw(BATCH, UNITS) for _ in range(states)],
    }


def case(cell, given, masked, backwards, sequences, initial, activation="tanh", recurrent="sigmoid"):
    options = {"recurrent_activation": recurrent} if cell != "simpleRnn" else {}
    if cell.startswith("gru"):
        options["reset_after"] = cell == "gru"
    if cell != "simpleRnn":
        options["use_cudnn"] = False
    layer = LAYERS[cell](
        UNITS,
        activation=activation,
        go_backwards=backwards,
        return_sequences=sequences,
        return_state=True,
        **options,
    )
    layer.build((BATCH, TIME, FEATURES))
    layer.set_weights([given[name] for name in ("kernel", "recurrentKernel", "bias")])
    x = tf.constant(given["x"])
    states = [tf.constant(state) for state in given["initialState"]]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, *states])
        outputs, *final = layer(
            x,
            initial_state=states if initial else None,
            mask=tf.constant(MASK) if masked else None,
        )
        dy = given["dSequence"] if sequences else given["dSequence"][:, -1]
        loss = tf.reduce_sum(outputs * dy)
        for state, d in zip(final, given["dStates"]):
            loss += tf.reduce_sum(state * d)
    sources = [x, *[weight.value for weight in layer.trainable_weights], *(states if initial else [])]
    gradients = tape.gradient(loss, sources, unconnected_gradients="zero")
    return {
        "cell": cell,
        "masked": masked,
        "goBackwards": backwards,
        "returnSequences": sequences,
        "initial": initial,
        "activation": activation,
        "recurrentActivation": recurrent,
        "outputs": numbers(outputs),
        "states": [numbers(state) for state in final],
        "gradients": [numbers(gradient) for gradient in gradients],
    }


flags = (False, True)
given = {cell: tensors(cell) for cell in GATES}
cases = [
    case(cell, given[cell], *options) for cell in GATES for options in itertools.product(flags, repeat=4)
]
for cell, (activation, recurrent) in itertools.product(
    GATES, [("relu", "hard_sigmoid"), ("sigmoid", "tanh"), ("linear", "sigmoid")]
):
    cases.append(case(cell, given[cell], True, False, True, True, activation, recurrent))
golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "sizes": [BATCH, TIME, FEATURES, UNITS],
    "mask": MASK.astype(int).ravel().tolist(),
    "tensors": {
        cell: {
            name: [numbers(each) for each in value] if isinstance(value, list) else numbers(value)
            for name, value in group.items()
        }
        for cell, group in given.items()
    },
    "cases": cases,
}
text = json.dumps(golden, separators=(",", ":")).replace('{"cell"', '\n{"cell"')
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
