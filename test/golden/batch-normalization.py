"""Writes batch-normalization.json: weights before and after Keras has trained models with BatchNormalization, after a mask,
frozen, and without some of its weights, and what they predict then.

Run with: python test/golden/batch-normalization.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np

random = np.random.RandomState(5)
numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
x = np.float32(np.round(random.normal(1, 2, (6, 5, 3)), 3))
y = np.float32(np.round(random.normal(0, 1, (6, 1)), 3))
# Ends of series, and a step in between.
x[1, 3:], x[2, 1], x[3, 1:] = 0, 0, 0
MASKED = {
    "plain": {},
    "without scale": {"scale": False},
    "without center": {"center": False},
    "without both": {"scale": False, "center": False},
    "of steps": {"axis": 1},
    "frozen": {"trainable": False},
}


def case(options, is_masked):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((5, 3)),
            *([layers.Masking()] if is_masked else []),
            layers.BatchNormalization(momentum=0.8, epsilon=0.01, **options),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1),
        ]
    )
    model.set_weights(
        [np.float32(np.round(random.uniform(0.5, 1.5, w.shape), 3)) for w in model.get_weights()]
    )
    before = [numbers(w) for w in model.get_weights()]
    model.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    model.fit(x, y, epochs=3, batch_size=6, shuffle=False, verbose=0)
    after = [numbers(w) for w in model.get_weights()]
    return {
        "options": options,
        "isMasked": is_masked,
        "before": before,
        "after": after,
        "predicted": numbers(model.predict(x, verbose=0)),
    }


cases = {name: case(options, True) for name, options in MASKED.items()}
cases["without a mask"] = case({}, False)
cases["without a mask and scale"] = case({"scale": False}, False)
golden = {"x": numbers(x), "y": numbers(y), "cases": cases}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
