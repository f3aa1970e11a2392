"""Writes what rnnlab/models shall read and equal: keras-models/*.keras, *.h5 and *.weights.h5 by Keras, and
keras-models.json with an input of each model and what Keras predicts for it. Most .keras files are packed afterwards, as
any zip program would do it: they are small and mostly padding.

With a folder as argument, it does the reverse: it loads every .keras file in it, predicts for NAME.json beside it
({"inputs": [{"shape", "values"}]}) and prints the predictions as JSON. The tests call it so.

Run with: python test/golden/keras-models.py, in an environment with tensorflow-cpu 2.18.1 and keras 3.15.1
"""

import json
import os
import pathlib
import sys
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

random = np.random.RandomState(5)
FOLDER = pathlib.Path(__file__).with_suffix("")


def series(*shape):
    return np.float32(random.normal(0, 1, shape))


def draw(weight):
    values = series(*weight.shape) * 0.7
    positive = weight.constraint is not None or "variance" in weight.path
    return np.abs(values) if positive else values


def words(rows, steps, count):
    """Numbers of words with padding behind."""
    ids = random.randint(1, count, (rows, steps))
    for row, length in enumerate(random.randint(1, steps, rows)):
        ids[row, length:] = 0
    return np.float32(ids)


def electricity():
    """000: a stack of LSTMs; an input that was given with the first layer."""
    model = keras.Sequential(
        [L.LSTM(4, return_sequences=True), L.Dropout(0.2), L.LSTM(3), L.Dense(1)], name="stack"
    )
    model.build((None, 5, 1))
    return model, [series(3, 5, 1)]


def gru():
    """GRUs of both kinds, activations that the two name differently, an initialiser tfjs lacks."""
    return keras.Sequential(
        [
            keras.Input((4, 2)),
            L.GRU(
                3,
                return_sequences=True,
                recurrent_activation="hard_sigmoid",
                kernel_initializer="lecun_normal",
            ),
            L.GRU(
                2,
                reset_after=False,
                return_sequences=True,
                kernel_regularizer="l2",
                bias_constraint="non_neg",
            ),
            L.GRU(2, use_bias=False, go_backwards=True),
            L.Dense(
                3,
                activation="silu",
                kernel_initializer=keras.initializers.VarianceScaling(2, "fan_avg", "untruncated_normal"),
            ),
            L.Dense(2, activation="softmax", trainable=False),
        ]
    ), [series(3, 4, 2)]


def reviews():
    """004: embedding with mask, bidirectional layers, functional."""
    ids = keras.Input((6,), name="ids")
    x = L.Embedding(9, 4, mask_zero=True)(ids)
    x = L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode="sum")(x)
    x = L.Bidirectional(L.SimpleRNN(2, dropout=0.1))(x)
    return keras.Model(ids, L.Dense(1, activation="sigmoid")(x), name="reviews"), [words(4, 6, 9)]


def masked():
    """A Masking layer, whose mask goes on to the end."""
    x = keras.Input((5, 2))
    y = L.Masking(2.0)(x)
    y = L.SimpleRNN(3, return_sequences=True)(y)
    y = L.GRU(2)(L.TimeDistributed(L.Dense(2, activation="tanh"))(y))
    data = series(3, 5, 2)
    data[0, 3:] = data[1, 1] = 2
    return keras.Model(x, y), [data]


def translation():
    """Encoder and decoder: several inputs, states as inputs, a shared layer, a mask that Keras must be told of."""
    source, target = keras.Input((4,), name="source"), keras.Input((3,), name="target")
    embed = L.Embedding(7, 3, mask_zero=True)
    _, hidden, cell = L.LSTM(4, return_state=True)(embed(source))
    decoded = L.LSTM(4, return_sequences=True)(
        embed(target), initial_state=[hidden, cell], mask=embed.compute_mask(target)
    )
    outputs = L.TimeDistributed(L.Dense(7, activation="softmax"))(decoded)
    return keras.Model([source, target], [outputs, hidden]), [words(3, 4, 7), words(3, 3, 7)]


def branches():
    """Models in a model, branches of layers of one class, merging, pooling."""
    inner = keras.Sequential(
        [keras.Input((4, 2)), L.LSTM(3, return_sequences=True), L.Dense(2)], name="inner"
    )
    a = keras.Input((4, 2))
    core = keras.Model(a, L.Add()([L.Dense(2)(a), L.Dense(2, use_bias=False)(a)]), name="core")
    x, y = keras.Input((4, 2)), keras.Input((4, 2))
    left, right = core(inner(x)), inner(y)
    both = L.Concatenate()([L.Dense(3)(L.Flatten()(left)), L.GlobalMaxPooling1D()(L.Dense(2)(right))])
    again = L.RepeatVector(2)(L.Activation("gelu")(both))
    pooled = L.GlobalAveragePooling1D()(L.Reshape((5, 2))(L.Permute((2, 1))(again)))
    return keras.Model([x, y], L.Multiply()([pooled, L.Dense(2)(L.Flatten()(right))])), [
        series(3, 4, 2),
        series(3, 4, 2),
    ]


def convolution():
    """What stands before recurrent layers: convolution, pooling, normalisation, noise."""
    model = keras.Sequential(
        [
            keras.Input((8, 2)),
            L.Conv1D(3, 3, padding="same", activation="relu"),
            L.BatchNormalization(),
            L.SpatialDropout1D(0.1),
            L.MaxPooling1D(2),
            L.GaussianNoise(0.1),
            L.LayerNormalization(),
            L.AveragePooling1D(2),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    return model, [series(3, 8, 2)]


def directions():
    """Bidirectional layers whose way back is a layer of another class, or of other options."""
    ids = keras.Input((6,), name="ids")
    x = L.Embedding(9, 4, mask_zero=True)(ids)
    back = L.GRU(3, go_backwards=True, return_sequences=True, use_bias=False, activation="relu")
    x = L.Bidirectional(L.LSTM(3, return_sequences=True), backward_layer=back)(x)
    x = L.Bidirectional(L.SimpleRNN(2), "mul", backward_layer=L.SimpleRNN(2, go_backwards=True, dropout=0.1))(
        x
    )
    return keras.Model(ids, L.Dense(1)(x), name="directions"), [words(4, 6, 9)]


MODELS = [electricity, gru, reviews, masked, translation, branches, convolution, directions]
numbers = lambda array: [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]
tensor = lambda array: {"shape": list(array.shape), "values": numbers(array)}
predict = lambda model, inputs: [
    tensor(np.asarray(y)) for y in tf.nest.flatten(model(inputs if len(inputs) > 1 else inputs[0]))
]


def pack(path):
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def write():
    FOLDER.mkdir(exist_ok=True)
    cases = {}
    for make in MODELS:
        keras.backend.clear_session()
        keras.utils.set_random_seed(3)
        model, inputs = make()
        # Weights of all kinds, not only the zeros and ones that biases begin with.
        model.set_weights([draw(weight) for weight in model.weights])
        model.save(FOLDER / f"{make.__name__}.keras")
        if make is not electricity:
            pack(FOLDER / f"{make.__name__}.keras")
        if make is electricity:
            model.save_weights(FOLDER / f"{make.__name__}.weights.h5")
        if make is reviews:
            model.save(FOLDER / f"{make.__name__}.h5", include_optimizer=False)
        cases[make.__name__] = {
            "parameters": model.count_params(),
            "inputs": [tensor(x) for x in inputs],
            "outputs": predict(model, inputs),
        }
    golden = {"keras": keras.__version__, "tensorflow": tf.__version__, "models": cases}
    text = json.dumps(golden, separators=(",", ":")).replace('"parameters"', '\n"parameters"')
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")


def load(folder):
    results = {}
    for path in sorted(pathlib.Path(folder).glob("*.keras")):
        case = json.loads(path.with_suffix(".json").read_text())
        inputs = [
            tf.constant(x["values"], None if isinstance(x["values"][0], str) else tf.float32, x["shape"])
            for x in case["inputs"]
        ]
        model = keras.models.load_model(path)
        weights = path.with_suffix(".weights.h5")
        if weights.exists():
            model.set_weights([np.zeros(w.shape, np.float32) for w in model.weights])
            model.load_weights(weights)
        results[path.stem] = predict(model, inputs)
    print(json.dumps(results))


if len(sys.argv) > 1:
    load(sys.argv[1])
else:
    write()
