"""Writes sequences.json: histories and weights of models that Keras has trained on masked sequences, with a loss and a
metric at each step, and of models that pay for their activity, for rnnlab/training to equal. With SGD: Keras on
TensorFlow has Adam square the gradient of each look-up of a word, where rnnlab squares their sum.

Run with: python test/golden/sequences.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib
import re

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
SAMPLES, TIME, WORDS, CLASSES, EPOCHS, BATCH, SPLIT = 14, 5, 7, 3, 3, 4, 0.25
random = np.random.RandomState(3)
draw = lambda *shape: np.float32(random.normal(0, 0.7, shape)).astype(np.float64)
numbers = lambda array: [float(f"{x:.8g}") for x in np.asarray(array).ravel()]
snake = lambda name: re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)

words = random.randint(1, WORDS, (SAMPLES, TIME))
for row in range(SAMPLES):
    words[row, random.randint(0, TIME + 1) :] = 0
# A batch in which nothing counts, and one in which every step does.
words[4:8] = 0
words[8:10] = np.maximum(words[8:10], 1)
labels = random.randint(0, CLASSES, (SAMPLES, TIME))
targets = {
    "number": draw(SAMPLES, TIME, 1),
    "yes": np.float64(labels > 0)[:, :, None],
    "label": np.float64(labels)[:, :, None],
    "oneHot": np.eye(CLASSES)[labels],
    "one": draw(SAMPLES, 1),
}
step_weights = np.round(random.uniform(0.2, 3, (SAMPLES, TIME)), 3)
KINDS = {
    "embedding": keras.layers.Embedding,
    "gru": keras.layers.GRU,
    "lstm": keras.layers.LSTM,
    "simpleRNN": keras.layers.SimpleRNN,
    "bidirectional": keras.layers.Bidirectional,
    "timeDistributed": keras.layers.TimeDistributed,
    "dense": keras.layers.Dense,
}


def make(spec):
    kind, options = spec
    value_of = lambda name, value: (
        make(value)
        if name == "layer"
        else keras.regularizers.L1L2(**value)
        if name.endswith("Regularizer")
        else value
    )
    return KINDS[kind](**{snake(name): value_of(name, value) for name, value in options.items()})


def case(name, specs, target, loss, metrics, weighted=False):
    model = keras.Sequential([keras.Input((TIME,)), *map(make, specs)])
    weights = [draw(*weight.shape) for weight in model.weights]
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, metrics=list(metrics.values()))
    more = {"sample_weight": step_weights} if weighted else {}
    found = model.fit(
        words, targets[target], BATCH, EPOCHS, verbose=0, shuffle=False, validation_split=SPLIT, **more
    ).history
    return {
        "name": name,
        "layers": specs,
        "target": target,
        "loss": loss,
        "metrics": list(metrics),
        "weighted": weighted,
        "start": [numbers(weight) for weight in weights],
        "history": {
            prefix + short: numbers(found[prefix + long])
            for prefix in ("", "val_")
            for short, long in {"loss": "loss", **metrics}.items()
        },
        "weights": [numbers(weight) for weight in model.get_weights()],
    }


def shared():
    """One embedding, which is penalised, looks up two inputs; one recurrent layer reads both."""
    inputs = [keras.Input((TIME,)), keras.Input((TIME,))]
    embedding = make(["embedding", {"inputDim": WORDS, "outputDim": 3, **PENALTIES}])
    recurrent = make(["gru", {"units": 2, "kernelRegularizer": L2, "activityRegularizer": L1}])
    read = [recurrent(embedding(each)) for each in inputs]
    model = keras.Model(inputs, make(["dense", {"units": 1}])(keras.layers.Concatenate()(read)))
    weights = [draw(*weight.shape) for weight in model.weights]
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "mse")
    found = model.fit(
        [words, words[::-1]], targets["one"], BATCH, EPOCHS, verbose=0, shuffle=False, validation_split=SPLIT
    ).history
    return {
        "start": [numbers(weight) for weight in weights],
        "history": {name: numbers(values) for name, values in found.items()},
        "weights": [numbers(weight) for weight in model.get_weights()],
    }


L1, L2 = {"l1": 0.03, "l2": 0.0}, {"l1": 0.0, "l2": 0.05}
PENALTIES = {"embeddingsRegularizer": L2, "activityRegularizer": L1}
embedding = ["embedding", {"inputDim": WORDS, "outputDim": 3, "maskZero": True}]
steps = lambda kind, **options: [kind, {"units": 3, "returnSequences": True, **options}]
dense = lambda units, activation="linear", **options: [
    "dense",
    {"units": units, "activation": activation, **options},
]
MAE, MSE = {"mae": "mean_absolute_error"}, {"mse": "mean_squared_error"}
cases = [
    case("numbers", [embedding, steps("gru"), dense(1)], "number", "mean_squared_error", MAE),
    case("weighed numbers", [embedding, steps("lstm"), dense(1)], "number", "mean_squared_error", MAE, True),
    case(
        "both ways",
        [embedding, ["bidirectional", {"layer": steps("simpleRNN")}], dense(1)],
        "number",
        "mean_absolute_error",
        MSE,
        True,
    ),
    case(
        "yes or no",
        [embedding, steps("gru"), ["timeDistributed", {"layer": dense(1, "sigmoid")}]],
        "yes",
        "binary_crossentropy",
        {"acc": "binary_accuracy"},
    ),
    case(
        "class numbers",
        [embedding, steps("lstm"), dense(CLASSES, "softmax")],
        "label",
        "sparse_categorical_crossentropy",
        {"acc": "sparse_categorical_accuracy"},
    ),
    case(
        "weighed classes",
        [embedding, steps("gru"), dense(CLASSES, "softmax")],
        "oneHot",
        "categorical_crossentropy",
        {"acc": "categorical_accuracy"},
        True,
    ),
    case(
        "activity of each layer",
        [
            ["embedding", {**embedding[1], **PENALTIES}],
            steps("lstm", activityRegularizer=L2),
            ["bidirectional", {"layer": steps("gru", activityRegularizer=L1), "activityRegularizer": L2}],
            ["timeDistributed", {"layer": dense(2, activityRegularizer=L2), "activityRegularizer": L1}],
            ["gru", {"units": 2, "activityRegularizer": L1}],
            dense(1, activityRegularizer=L2),
        ],
        "one",
        "mean_squared_error",
        MAE,
    ),
    case(
        "activity of layers that are not trained",
        [
            ["embedding", {**embedding[1], **PENALTIES, "trainable": False}],
            ["gru", {"units": 3}],
            dense(2, "tanh", trainable=False, kernelRegularizer=L2, activityRegularizer=L1),
            dense(1),
        ],
        "one",
        "mean_squared_error",
        MAE,
    ),
]
golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "epochs": EPOCHS,
    "batchSize": BATCH,
    "validationSplit": SPLIT,
    "sizes": [SAMPLES, TIME],
    "words": words.ravel().tolist(),
    "targets": {name: numbers(value) for name, value in targets.items()},
    "stepWeights": numbers(step_weights),
    "cases": cases,
    "shared": shared(),
}
text = json.dumps(golden, separators=(",", ":")).replace('{"name"', '\n{"name"')
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
