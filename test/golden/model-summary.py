"""Writes model-summary.json: what Keras prints of models, in a wide window, for rnnlab/models's summary() to equal.

Run with: python test/golden/model-summary.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib

os.environ["COLUMNS"] = "200"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers


def sequential():
    return keras.Sequential(
        [
            layers.Input((15, 1)),
            layers.LSTM(45, return_sequences=True, name="lstm"),
            layers.Dropout(0.2, name="dropout"),
            layers.Bidirectional(layers.GRU(45, name="gru"), name="bidirectional"),
            layers.Dense(14, name="a_dense_layer_with_a_long_name"),
        ],
        name="stack",
    )


def frozen():
    model = keras.Sequential(
        [
            layers.Input((5, 2)),
            layers.SimpleRNN(300, return_sequences=True, name="simple_rnn"),
            layers.TimeDistributed(layers.Dense(1000, name="dense"), name="time_distributed"),
        ],
        name="frozen",
    )
    model.layers[0].trainable = False
    return model


def branches():
    series = keras.Input((10, 2), name="series")
    other = keras.Input((10, 2), name="other")
    shared = layers.LSTM(3, name="shared")
    both = layers.Concatenate(name="concatenate")([shared(series), shared(other)])
    return keras.Model([series, other], layers.Dense(1, name="dense")(both), name="branches")


def states():
    series = keras.Input((4, 2), name="series")
    output, hidden, _ = layers.LSTM(3, return_state=True, name="lstm")(series)
    both = layers.Add(name="add")([output, hidden])
    return keras.Model(series, both, name="states")


def nested():
    inner = keras.Sequential(
        [
            layers.Input((5, 2)),
            layers.SimpleRNN(3, return_sequences=True, name="simple_rnn"),
            layers.Dense(4, name="inner_dense"),
        ],
        name="inner",
    )
    return keras.Sequential(
        [layers.Input((5, 2)), inner, layers.Flatten(name="flatten"), layers.Dense(3, name="dense")],
        name="outer",
    )


def printed(model, **options):
    lines = []
    model.summary(print_fn=lambda text, line_break=True: lines.append(text), **options)
    return "\n".join(line.rstrip() for line in "".join(lines).splitlines())


summaries = {make.__name__: printed(make()) for make in [sequential, frozen, branches, states, nested]}
summaries["expanded"] = printed(nested(), expand_nested=True)
golden = {"keras": keras.__version__, "summaries": summaries}
text = json.dumps(golden, indent=1, ensure_ascii=False)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
