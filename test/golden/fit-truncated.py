"""Writes fit-truncated.json: a stateful model that Keras has trained chunk by chunk, its states reset before each epoch,
for fitTruncated() of rnnlab/training to equal.

Run with: python test/golden/fit-truncated.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

SEQUENCES, TIME, FEATURES, UNITS, EPOCHS = 2, 11, 2, 3, 3
random = np.random.RandomState(5)
draw = lambda *shape: np.float32(np.round(random.normal(0, 0.6, shape), 4))
numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
x, y = draw(SEQUENCES, TIME, FEATURES), draw(SEQUENCES, TIME, 1)
start = [draw(FEATURES, UNITS), draw(UNITS, UNITS), draw(UNITS), draw(UNITS, 1), draw(1)]


def train(steps):
    model = keras.Sequential(
        [
            keras.layers.Input((None, FEATURES), batch_size=SEQUENCES),
            keras.layers.SimpleRNN(UNITS, stateful=True, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    model.set_weights(start)
    model.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    losses = []
    for _ in range(EPOCHS):
        model.layers[0].reset_states()
        chunks = [slice(at, at + steps) for at in range(0, TIME, steps)]
        # reset_metrics: else Keras returns the mean since the beginning.
        each = [
            float(model.train_on_batch(x[:, chunk], y[:, chunk]))
            for chunk in chunks
            if not model.reset_metrics()
        ]
        losses.append(float(np.mean(each)))
    return {"steps": steps, "loss": numbers(losses), "weights": [numbers(w) for w in model.get_weights()]}


golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "x": {"shape": x.shape, "values": numbers(x)},
    "y": {"shape": y.shape, "values": numbers(y)},
    "start": [{"shape": w.shape, "values": numbers(w)} for w in start],
    "cases": [train(steps) for steps in (4, TIME)],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
