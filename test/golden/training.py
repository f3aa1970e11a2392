"""Writes training.json: histories and weights of small models that Keras has trained, for every loss and kind of weight,
and what its callbacks decide, for rnnlab/training to equal.

Run with: python test/golden/training.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

SAMPLES, FEATURES, UNITS, CLASSES, EPOCHS, BATCH, SPLIT = 27, 3, 4, 3, 4, 6, 0.25
random = np.random.RandomState(11)
draw = lambda *shape: np.float32(np.round(random.normal(0, 1, shape), 4))
numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
x = draw(SAMPLES, FEATURES)
labels = random.randint(0, CLASSES, SAMPLES)
sample_weight = np.float32(np.round(random.uniform(0.2, 3, SAMPLES), 3))
targets = {
    "number": draw(SAMPLES, 1),
    "yes": np.float32(labels > 0)[:, None],
    "label": np.float32(labels)[:, None],
    "oneHot": np.eye(CLASSES, dtype=np.float32)[labels],
}
weights = {size: [draw(FEATURES, UNITS), draw(UNITS), draw(UNITS, size), draw(size)] for size in (1, CLASSES)}

# loss, activation, targets, metrics by their names in tfjs
LOSSES = [
    ("mean_squared_error", "linear", "number", {"mae": "mean_absolute_error"}),
    ("mean_absolute_error", "linear", "number", {"mse": "mean_squared_error"}),
    ("binary_crossentropy", "sigmoid", "yes", {"acc": "binary_accuracy"}),
    ("sparse_categorical_crossentropy", "softmax", "label", {"acc": "sparse_categorical_accuracy"}),
    ("categorical_crossentropy", "softmax", "oneHot", {"acc": "categorical_accuracy"}),
]


def case(loss, activation, target, metrics, weighting, penalty, saturated=False):
    y = targets[target]
    given = weights[1 if y.shape[1] == 1 and target != "label" else CLASSES]
    size = given[-1].shape[0]
    kernel_regularizer = keras.regularizers.L2(0.05) if penalty else None
    model = keras.Sequential(
        [
            keras.layers.Input((FEATURES,)),
            keras.layers.Dense(UNITS, "tanh", kernel_regularizer=kernel_regularizer),
            keras.layers.Dense(size, activation),
        ]
    )
    # So far from 0 that some probabilities are 0 or 1 to rounding.
    model.set_weights([*given[:2], 30 * given[2], given[3]] if saturated else given)
    model.compile(keras.optimizers.Adam(0.02), loss, metrics=list(metrics.values()))
    more = {}
    if weighting == "sample":
        more = {"sample_weight": sample_weight}
    if weighting == "class":
        more = {"class_weight": {0: 0.5, 2 if size > 1 else 1: 3.0}}
    history = model.fit(x, y, BATCH, EPOCHS, verbose=0, shuffle=False, validation_split=SPLIT, **more).history
    names = {"loss": "loss", **metrics}
    # Keras weighs the validation loss too, where its samples have weights; class weights it does not.
    history = {
        prefix + short: numbers(history[prefix + name])
        for prefix in ("", "val_")
        for short, name in names.items()
    }
    return {
        "loss": loss,
        "activation": activation,
        "target": target,
        "units": size,
        "metrics": list(metrics),
        "weighting": weighting,
        "penalty": penalty,
        "saturated": saturated,
        "history": history,
        "weights": [numbers(weight) for weight in model.get_weights()],
    }


cases = [case(*loss, "none", False) for loss in LOSSES]
cases += [case(*LOSSES[0], "sample", True), case(*LOSSES[1], "sample", False)]
cases += [case(*loss, "class", False) for loss in LOSSES[2:]]
cases += [case(*LOSSES[2], "none", True), case(*LOSSES[2], "none", False, True)]
cases += [case(*LOSSES[3], "sample", False, True), case(*LOSSES[4], "class", False, True)]


def decisions(values, make):
    """Feeds a callback with a series of losses: what it makes of each epoch."""
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = make()
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        model.set_weights([np.float32([[epoch]])])
        callback.on_epoch_end(epoch, {"loss": value, "acc": -value})
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    callback.on_train_end()
    return {"epochs": len(rates), "rates": rates, "weight": float(model.get_weights()[0][0, 0])}


SERIES = [[5, 4, 3, 3.5, 2.9, 3, 3.1, 3.2, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 8, 7, 6, 5, 4, 3, 2, 1]]
STOPPING = [
    {},
    {"patience": 2},
    {"patience": 2, "restore_best_weights": True},
    {"patience": 1, "min_delta": 0.5, "restore_best_weights": True},
    {"patience": 3, "baseline": 2.95},
    {"patience": 1, "start_from_epoch": 3, "restore_best_weights": True},
]
stopping = [
    {"options": options, "losses": losses, "mode": mode}
    | decisions(
        losses,
        lambda: keras.callbacks.EarlyStopping(
            monitor="loss" if mode == "min" else "acc", mode=mode, **options
        ),
    )
    for options in STOPPING
    for losses in SERIES
    for mode in (("min",) if "baseline" in options else ("min", "max"))
]
PLATEAU = [
    {"patience": 1},
    {"patience": 2, "factor": 0.5, "cooldown": 2},
    {"patience": 1, "factor": 0.5, "min_lr": 0.3, "min_delta": 0.6},
]
plateau = [
    {"options": options, "losses": losses}
    | decisions(losses, lambda: keras.callbacks.ReduceLROnPlateau(monitor="loss", mode="min", **options))
    for options in PLATEAU
    for losses in SERIES
]
golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "epochs": EPOCHS,
    "batchSize": BATCH,
    "validationSplit": SPLIT,
    "features": FEATURES,
    "x": numbers(x),
    "targets": {name: numbers(value) for name, value in targets.items()},
    "sampleWeight": numbers(sample_weight),
    "start": {str(size): [numbers(value) for value in group] for size, group in weights.items()},
    "cases": cases,
    "stopping": stopping,
    "plateau": plateau,
}
text = (
    json.dumps(golden, separators=(",", ":"))
    .replace('{"loss":"', '\n{"loss":"')
    .replace('{"options"', '\n{"options"')
)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
