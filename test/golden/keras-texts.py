"""Writes models that begin with texts, and what they give: keras-texts/*.keras by Keras 3, *.tf_keras.keras and *.h5 by
Keras 2 (tf_keras), and keras-texts.json with the inputs of each model and what it predicts.

Run with: python test/golden/keras-texts.py, in an environment with tensorflow-cpu 2.18.1, keras 3.15.1, tf_keras 2.18
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf
import tf_keras

FOLDER = pathlib.Path(__file__).with_suffix("")
LEARNED = [
    "A good film, a good plot!",
    "a bad film; bad, bad acting",
    "Ein schöner ÄRGER über Größe",
    "naïve café",
    "don't can't x-ray",
]
ODD = [
    "A GOOD film!!!",
    "",
    "   ",
    "schöner\u00a0ÄRGER\u2003über\u3000Größe",
    "tabs\tand\nlines\r\na\x0bb\x0cgood",
    "...!?#$%&()*+,-./:;<=>?@[]^_`{|}~'\"\\",
    "naïve cafe\u0301 café \u200bgood",
    "emoji 😀 film \U0001f600bad",
    "don't cant x-ray xray \u2019t",
    "[UNK] a [unk] \x00good",
    "good\u0085film\u2028bad",
    "a a a a a a a a a a",
]
texts = np.array(ODD, dtype=object)[:, None]


def analysed(K):
    """Options of TextVectorization for numbers of tokens."""
    L = K.layers
    x = K.Input((1,), dtype="string")
    outputs = []
    for options in [
        {},
        {"standardize": "lower", "output_sequence_length": 5},
        {"standardize": "strip_punctuation", "max_tokens": 6},
        {"standardize": None, "split": "whitespace", "ngrams": 2},
        {"split": "character", "output_sequence_length": 7},
        {"split": None},
        {"ngrams": (1, 3), "output_sequence_length": 4},
    ]:
        layer = L.TextVectorization(**options)
        layer.adapt(LEARNED)
        outputs.append(layer(x))
    outputs.append(L.TextVectorization(vocabulary=["good", "film", "café"])(x))
    return K.Model(x, outputs), [texts]


def counted(K):
    """TextVectorization that counts, in all ways."""
    L = K.layers
    x = K.Input((1,), dtype="string")
    outputs = []
    for options in [
        {"output_mode": "multi_hot"},
        {"output_mode": "count", "max_tokens": 40, "pad_to_max_tokens": True},
        {"output_mode": "count", "max_tokens": 5, "ngrams": 2},
        {"output_mode": "tf_idf"},
        {"output_mode": "tf_idf", "max_tokens": 30, "pad_to_max_tokens": True},
    ]:
        layer = L.TextVectorization(**options)
        layer.adapt(LEARNED)
        outputs.append(L.Dense(2)(layer(x)) if options.get("max_tokens") == 5 else layer(x))
    return K.Model(x, outputs), [texts]


def looked_up(K):
    """StringLookup and IntegerLookup."""
    L = K.layers
    x, y, i, j = (
        K.Input((3,), dtype="string"),
        K.Input((1,), dtype="string"),
        K.Input((3,), dtype="int64"),
        K.Input((1,), dtype="int64"),
    )
    words = np.array([["x", "y", "y"], ["", "é", "x"], ["zz", "[UNK]", "y"]], dtype=object)
    numbers = np.array([[5, 7, 7], [0, -1, 5], [2**40, 9, 7]])
    learned = L.StringLookup()
    learned.adapt(["x", "y", "y", "é"])
    masked = L.StringLookup(mask_token="", max_tokens=4)
    masked.adapt(["x", "y", "y", "é"])
    tf_idf = L.StringLookup(output_mode="tf_idf")
    tf_idf.adapt([["x", "y"], ["y", "z"], ["é", "z"]])
    whole = L.IntegerLookup(mask_token=0)
    whole.adapt([5, 7, 7])
    given = {"vocabulary": ["x", "y"]}
    outputs = [
        learned(x),
        masked(x),
        tf_idf(x),
        whole(i),
        L.StringLookup(output_mode="multi_hot", mask_token="", **given)(x),
        L.StringLookup(output_mode="count", max_tokens=6, pad_to_max_tokens=True, **given)(x),
        L.StringLookup(output_mode="one_hot", **given)(y),
        L.IntegerLookup(vocabulary=[5, 7], output_mode="one_hot")(j),
        L.IntegerLookup(vocabulary=[5, 7, 9], output_mode="count", oov_token=3)(i),
        L.StringLookup(output_mode="tf_idf", idf_weights=[0.5, 0.25], **given)(x),
        L.StringLookup(vocabulary=["x", "", "zz"], num_oov_indices=0)(y),
    ]
    return K.Model([x, y, i, j], outputs), [words, words[:, :1], numbers, numbers[:, 1:2]]


def hashed(K):
    """Tokens that are not in a vocabulary spread over several numbers, and Hashing."""
    L = K.layers
    x, i = K.Input((3,), dtype="string"), K.Input((3,), dtype="int64")
    words = np.array(
        [["x", "y", "zz"], ["", "é", "a longer token, of more than sixteen bytes"], ["[UNK]", "q", "B_c"]],
        dtype=object,
    )
    given = {"vocabulary": ["x", "y"]}
    outputs = [
        L.StringLookup(num_oov_indices=3, **given)(x),
        L.StringLookup(num_oov_indices=2, mask_token="", **given)(x),
        L.StringLookup(num_oov_indices=3, output_mode="count", **given)(x),
        L.IntegerLookup(vocabulary=[5, 7], num_oov_indices=3)(i),
        L.Hashing(7)(x),
        L.Hashing(7, mask_value="B_c")(x),
        L.Hashing(4, output_mode="multi_hot")(x),
        L.Hashing(5)(i),
    ]
    return K.Model([x, i], outputs), [words, np.array([[5, 7, 9], [-1, -2, 100], [0, 1, 2]])]


def pipeline(K):
    """From texts to a probability, for which each text stands by itself."""
    L = K.layers
    first = L.TextVectorization(output_sequence_length=6)
    first.adapt(LEARNED)
    layers = [first, L.Embedding(30, 4, mask_zero=True), L.GRU(3), L.Dense(1, activation="sigmoid")]
    return K.Sequential([K.Input((1,), dtype="string"), *layers]), [
        np.array(["good film", "Bad, bad acting!", "ÄRGER x"], dtype=object)[:, None]
    ]


def unpadded(K):
    """The same without a fixed length, from texts without an axis of their own."""
    L = K.layers
    x = K.Input((), dtype="string")
    layer = L.TextVectorization(vocabulary=["good", "film", "bad"])
    y = L.Bidirectional(L.LSTM(3))(L.Embedding(6, 4)(layer(x)))
    return K.Model(x, L.Dense(2, activation="softmax")(y)), [np.array(["good bad film"], dtype=object)]


def reweighted(K):
    """Layers that were made with a vocabulary and given other weights of its tokens afterwards."""
    L = K.layers
    x, y = K.Input((3,), dtype="string"), K.Input((1,), dtype="string")
    options = {"output_mode": "tf_idf", "vocabulary": ["x", "y"], "idf_weights": [0.5, 0.25]}
    layers = [L.StringLookup(**options), L.TextVectorization(**options)]
    for layer in layers:
        layer.set_vocabulary(["x", "y"], idf_weights=[2.0, 3.0])
    words = np.array([["x", "y", "y"], ["", "x", "zz"]], dtype=object)
    sentences = np.array([["x y y"], ["zz X"]], dtype=object)
    return K.Model([x, y], [layer(each) for layer, each in zip(layers, [x, y])]), [words, sentences]


MODELS = [analysed, counted, looked_up, hashed, pipeline, unpadded, reweighted]
numbers = lambda array: [float(f"{x:.9g}") for x in np.asarray(array, np.float64).ravel()]


def tensor(array):
    array = np.asarray(array)
    return {
        "shape": list(array.shape),
        "values": [str(x) for x in array.ravel()] if array.dtype == object else numbers(array),
    }


def write():
    FOLDER.mkdir(exist_ok=True)
    cases = {}
    for K, extensions in [(keras, ["keras", "h5"]), (tf_keras, ["tf_keras.keras"])]:
        for make in MODELS:
            K.backend.clear_session()
            K.utils.set_random_seed(3)
            model, inputs = make(K)
            tensors = [
                tf.constant(x.tolist(), dtype=tf.string if x.dtype == object else tf.int64) for x in inputs
            ]
            outputs = model(tensors if len(tensors) > 1 else tensors[0])
            for extension in extensions:
                # Only Keras 3 writes such models as .h5, without the vocabularies that were learned.
                if extension == "h5" and make is not unpadded and make is not analysed:
                    continue
                model.save(FOLDER / f"{make.__name__}.{extension}")
                cases[f"{make.__name__}.{extension}"] = {
                    "inputs": [tensor(x) for x in inputs],
                    "outputs": [tensor(np.asarray(y)) for y in tf.nest.flatten(outputs)],
                }
    text = json.dumps({"keras": keras.__version__, "models": cases}, separators=(",", ":")).replace(
        '"inputs"', '\n"inputs"'
    )
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")


write()
