"""Writes layers.json: what Keras's recurrent layers give, in float64, alone (outputs, states and gradients for every
mask, direction, start and merge mode) and in models (weights after 20 training steps), for rnnlab/layers to equal.

Run with: python test/golden/layers.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import itertools
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
random = np.random.RandomState(11)
BATCH, TIME, FEATURES, UNITS = 3, 4, 2, 2
GATES = {"simpleRNN": 1, "lstm": 4, "gru": 3}
KINDS = {
    "simpleRNN": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "bidirectional": keras.layers.Bidirectional,
    "timeDistributed": keras.layers.TimeDistributed,
    "embedding": keras.layers.Embedding,
    "masking": keras.layers.Masking,
    "dense": keras.layers.Dense,
    "conv1d": keras.layers.Conv1D,
    "flatten": keras.layers.Flatten,
}
# Names that rnnlab writes otherwise.
VALUES = {"hardSigmoid6": "hard_sigmoid"}
# A hole, a row that is masked at both ends and a row that is masked altogether.
MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0]], bool)

numbers = lambda array: [float(f"{x:.7g}") for x in np.asarray(array).ravel()]
draw = lambda *shape: np.float32(random.normal(0, 0.7, shape)).astype(np.float64)
snake = lambda name: re.sub("([A-Z])", lambda match: "_" + match[1].lower(), name)


def make(spec):
    """A layer from [kind, options], the form in which rnnlab's test makes its own."""
    kind, options = spec
    args = {}
    for name, value in options.items():
        if name in ("layer", "backwardLayer"):
            value = make(value)
        if name.endswith("Regularizer"):
            value = keras.regularizers.L1L2(**value)
        if name.endswith("Constraint"):
            value = keras.constraints.MaxNorm(value["maxValue"], axis=value["axis"])
        if isinstance(value, str):
            value = VALUES.get(value, value)
        args[snake(name)] = value
    if kind in ("lstm", "gru"):
        args["use_cudnn"] = False
    return KINDS[kind](**args)


x = draw(BATCH, TIME, FEATURES)
second = draw(BATCH, TIME, FEATURES)
states = [draw(BATCH, UNITS) for _ in range(4)]
# Every output and state has its share of the loss; more numbers than any case needs.
shares = draw(200)


def run(spec, masked=False, initial=False, dropout_masks=None):
    layer = make(spec)
    kind = spec[1]["layer"][0] if spec[0] == "bidirectional" else spec[0]
    options = spec[1]["layer"][1] if spec[0] == "bidirectional" else spec[1]
    inner = [layer.forward_layer, layer.backward_layer] if spec[0] == "bidirectional" else [layer]
    layer.build((BATCH, TIME, FEATURES))
    weights = [draw(*weight.shape) for weight in layer.weights]
    layer.set_weights(weights)
    per_layer = 2 if kind == "lstm" else 1
    start = [tf.constant(state) for state in states[: per_layer * len(inner)]]
    mask = tf.constant(MASK) if masked else None
    if dropout_masks:
        given, given_state = dropout_masks
        of_gates = lambda masks: lambda _: (masks[0] if len(masks) == 1 else masks) if masks else None
        layer.cell.get_dropout_mask = of_gates(given)
        layer.cell.get_recurrent_dropout_mask = of_gates(given_state)
    if options.get("stateful"):
        layer(tf.constant(second), mask=mask)
    given_x = tf.constant(x)
    args = {"initial_state": start} if initial else {}
    with tf.GradientTape() as tape:
        tape.watch([given_x, *start])
        results = layer(given_x, mask=mask, training=bool(dropout_masks), **args)
        flat = list(results) if isinstance(results, (list, tuple)) else [results]
        at = 0
        loss = tf.constant(0.0, tf.float64)
        for result in flat:
            size = int(np.prod(result.shape))
            loss += tf.reduce_sum(tf.reshape(result, [-1]) * shares[at : at + size])
            at += size
    trained = [weight.value for weight in layer.trainable_weights]
    sources = [given_x, *trained, *(start if initial else [])]
    gradients = tape.gradient(loss, sources, unconnected_gradients="zero")
    return {
        "layer": spec,
        "masked": masked,
        "initial": initial,
        **(
            {"dropoutMasks": [[numbers(mask) for mask in group] for group in dropout_masks]}
            if dropout_masks
            else {}
        ),
        "weights": [numbers(weight) for weight in weights],
        "results": [numbers(result) for result in flat],
        "gradients": [numbers(gradient) for gradient in gradients],
    }


flags = (False, True)
CELLS = [
    ("simpleRNN", {}),
    ("lstm", {}),
    ("gru", {}),
    ("gru", {"resetAfter": False}),
]
cases = []
for (kind, base), masked, backwards, sequences, start in itertools.product(
    CELLS, flags, flags, flags, ("zeros", "initial", "stateful")
):
    options = {"units": UNITS, **base, "goBackwards": backwards, "returnSequences": sequences}
    if start == "stateful":
        options["stateful"] = True
    if sequences or start != "zeros":
        options["returnState"] = True
    cases.append(run([kind, options], masked, start == "initial"))
for (kind, base), masked, (merge, sequences, returns) in itertools.product(
    CELLS,
    flags,
    [
        ("concat", True, True),
        ("concat", False, False),
        ("sum", True, False),
        ("mul", False, True),
        ("ave", False, False),
        (None, True, True),
    ],
):
    inner = {"units": UNITS, **base, "returnSequences": sequences, "returnState": returns}
    cases.append(run(["bidirectional", {"layer": [kind, inner], "mergeMode": merge}], masked, returns))
for kind, base in CELLS:
    recurrent = {} if kind == "simpleRNN" else {"recurrentActivation": "hardSigmoid6"}
    for activation in ("elu", "softsign", "relu", "linear"):
        cases.append(run([kind, {"units": UNITS, **base, "activation": activation, **recurrent}], True))
    cases.append(run([kind, {"units": UNITS, **base, "useBias": False, "returnSequences": True}], False))
    gates = GATES[kind]
    bits = lambda rate, shape: (random.uniform(size=shape) >= rate) / (1 - rate)
    given = [bits(0.4, (BATCH, FEATURES)) for _ in range(gates)]
    given_state = [bits(0.3, (BATCH, UNITS)) for _ in range(gates)]
    both = {"units": UNITS, **base, "returnSequences": True, "dropout": 0.4, "recurrentDropout": 0.3}
    cases.append(run([kind, both], True, True, (given, given_state)))
    cases.append(run([kind, {"units": UNITS, **base, "dropout": 0.4}], False, False, (given[:1], [])))

rows, steps = 6, 5
words = random.randint(1, 7, (rows, steps))
for row, length in enumerate((5, 3, 1, 0, 4, 2)):
    words[row, length:] = 0
series = draw(rows, steps, FEATURES)
series[1, 3:] = series[2, :2] = series[3] = 0
one = draw(rows, 1)
each = draw(rows, steps, 1)
dense = ["dense", {"units": 1}]
tail = lambda *layers: [*layers, dense]
embedding = ["embedding", {"inputDim": 7, "outputDim": 3, "maskZero": True}]
lstm = lambda **options: ["lstm", {"units": 3, **options}]
gru = lambda **options: ["gru", {"units": 3, **options}]
rnn = lambda **options: ["simpleRNN", {"units": 3, **options}]
both_ways = lambda layer: ["bidirectional", {"layer": layer}]
l2 = {"l1": 0.01, "l2": 0.02}
norm = {"maxValue": 0.6, "axis": 0}
MODELS = {
    "text": ("words", "one", tail(embedding, both_ways(lstm(returnSequences=True)), gru())),
    "masked series": (
        "series",
        "one",
        tail(["masking", {}], gru(returnSequences=True), rnn(goBackwards=True)),
    ),
    "a mask that a convolution ends": (
        "words",
        "one",
        tail(embedding, ["conv1d", {"filters": 2, "kernelSize": 2, "padding": "same"}], lstm()),
    ),
    "every step": (
        "series",
        "each",
        [lstm(returnSequences=True), ["timeDistributed", {"layer": dense}]],
    ),
    "stateful": ("series", "one", tail(lstm(stateful=True))),
    "regularised": (
        "series",
        "one",
        tail(both_ways(rnn(kernelRegularizer=l2, recurrentRegularizer=l2, biasRegularizer=l2))),
    ),
    "constrained": (
        "series",
        "one",
        tail(gru(kernelConstraint=norm, recurrentConstraint=norm, biasConstraint=norm)),
    ),
    "frozen": (
        "series",
        "one",
        tail(lstm(returnSequences=True, trainable=False, kernelRegularizer=l2), rnn(activation="relu")),
    ),
}
# Texts of sentences of words: a mask for each word.
texts = random.randint(1, 7, (rows, steps, 3))
texts[words == 0] = 0
texts[:, ::2, 2] = 0
MODELS |= {
    "sentence by sentence": (
        "texts",
        "one",
        tail(embedding, ["timeDistributed", {"layer": gru()}], ["flatten", {}]),
    ),
    "sentence by sentence, both ways": (
        "texts",
        "one",
        tail(embedding, ["timeDistributed", {"layer": both_ways(lstm())}], ["flatten", {}]),
    ),
    "another layer back": (
        "words",
        "one",
        tail(
            embedding,
            [
                "bidirectional",
                {
                    "layer": lstm(returnSequences=True),
                    "backwardLayer": rnn(returnSequences=True, goBackwards=True, useBias=False),
                    "mergeMode": "sum",
                },
            ],
            ["bidirectional", {"layer": gru(goBackwards=True), "backwardLayer": gru(activation="relu")}],
        ),
    ),
    "activity": (
        "series",
        "one",
        tail(["bidirectional", {"layer": gru(activityRegularizer=l2), "activityRegularizer": l2}]),
    ),
}
data = {"words": words, "series": series, "texts": texts, "one": one, "each": each}


def train(name, inputs, targets, specs):
    layers = [make(spec) for spec in specs]
    model = keras.Sequential([keras.Input(batch_shape=data[inputs].shape), *layers])
    weights = [draw(*weight.shape) for weight in model.weights]
    # tfjs puts weights under their constraint where they are set, too.
    weights = [
        np.asarray(weight.constraint(value)) if weight.constraint else value
        for weight, value in zip(model.weights, weights)
    ]
    model.set_weights(weights)
    optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    model.compile(optimizer, "mse", run_eagerly=False)
    losses = [float(model.train_on_batch(data[inputs], data[targets])) for _ in range(20)]
    return {
        "name": name,
        "inputs": inputs,
        "targets": targets,
        "layers": specs,
        "weights": [numbers(weight) for weight in weights],
        "loss": float(f"{losses[-1]:.7g}"),
        "trained": [numbers(weight) for weight in model.get_weights()],
    }


def sequence_to_sequence():
    """An encoder whose final states start a decoder, as functions."""
    first = keras.Input(batch_shape=data["words"].shape)
    then = keras.Input(batch_shape=data["series"].shape)
    embedded = make(embedding)(first)
    _, h, c = make(lstm(returnState=True))(embedded)
    decoded = make(lstm(returnSequences=True))(then, initial_state=[h, c])
    again = make(gru(returnSequences=True))(decoded)
    model = keras.Model([first, then], make(["timeDistributed", {"layer": dense}])(again))
    weights = [draw(*weight.shape) for weight in model.weights]
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "mse")
    losses = [float(model.train_on_batch([data["words"], data["series"]], data["each"])) for _ in range(20)]
    return {
        "weights": [numbers(weight) for weight in weights],
        "loss": float(f"{losses[-1]:.7g}"),
        "trained": [numbers(weight) for weight in model.get_weights()],
    }


golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "sizes": [BATCH, TIME, FEATURES, UNITS],
    "x": numbers(x),
    "second": numbers(second),
    "mask": MASK.astype(int).ravel().tolist(),
    "states": [numbers(state) for state in states],
    "shares": numbers(shares),
    "cases": cases,
    "modelSizes": [rows, steps, FEATURES],
    "data": {name: numbers(values) for name, values in data.items()},
    "models": [train(name, *model) for name, model in MODELS.items()],
    "sequenceToSequence": sequence_to_sequence(),
}
text = (
    json.dumps(golden, separators=(",", ":"))
    .replace('{"layer"', '\n{"layer"')
    .replace('{"name"', '\n{"name"')
)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
