"""Writes text-vectorization.json: what Keras's TextVectorization, pad_sequences and to_categorical give, for
rnnlab/preprocessing to equal.

Run with: python test/golden/text-vectorization.py
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np
import tensorflow as tf

TEXTS = [
    "The film was GOOD, the plot wasn't!",
    "A bad film; a very bad film...<br /><br />Don't watch it.",
    "  Tabs\tand\nnew lines \r\n and\x0bmore\x0cspace  ",
    "Ärger über ÉTÉ und Straße, naïve café",
    "non\u00a0breaking and em\u2003space",
    "\U0001d538 beyond \uff21 the \U0001f600 plane \uffee \ue000",
    "[UNK] unknown [unk] words",
    '1,000 e-mails @home #1 (50%) a_b ~x~ `y` {z} |w| ^v^ "q" \\r/ $5 = 5+0',
    "one two two three three three",
    "tie tie bie bie Aie aie",
]
UNSEEN = ["the good, the bad and the unheard", "", "...", "film film Aie 1000"]


def case(name, adapt=TEXTS, texts=TEXTS + UNSEEN, **options):
    layer = keras.layers.TextVectorization(**options)
    if "vocabulary" not in options:
        layer.adapt(adapt)
    output = np.asarray(layer(np.array(texts, dtype=object)))
    if options.get("split", "") is None:
        output = output.reshape(len(texts), -1)
    return {
        "name": name,
        "options": options,
        "adapt": adapt,
        "texts": texts,
        "vocabulary": layer.get_vocabulary(),
        "shape": list(output.shape),
        "output": [round(float(x), 6) for x in output.flatten()],
    }


random = np.random.RandomState(5)
ties = ["".join(random.choice(list("abcXYZ09é\uff21\U0001d538"), 3)) for _ in range(300)]
sequences = [[1, 2, 3], [4], [], [5, 6, 7, 8, 9]]
rows = [[[1.5, 2], [3, 4]], [[5, 6]], [[7, 8], [9, 10], [11, 12.25]]]


def pad_case(data, **options):
    padded = keras.utils.pad_sequences(data, **options)
    return {
        "sequences": data,
        "options": options,
        "shape": list(padded.shape),
        "values": padded.flatten().tolist(),
    }


golden = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "numpy": np.__version__,
    "vectorization": [
        case("defaults"),
        case("max tokens", max_tokens=12),
        case("least max tokens", max_tokens=3),
        case("output length", max_tokens=20, output_sequence_length=4),
        case("long output length", output_sequence_length=30, texts=UNSEEN),
        case("lower", standardize="lower"),
        case("strip punctuation", standardize="strip_punctuation"),
        case("no standardisation", standardize=None),
        case("characters", split="character", max_tokens=30),
        case("no split", split=None, standardize="lower"),
        case("n-grams to 3", ngrams=3, max_tokens=60),
        case("n-grams of 3 and 2", ngrams=(3, 2)),
        case("n-grams of characters", split="character", ngrams=2, max_tokens=80),
        case("multi-hot", output_mode="multi_hot", max_tokens=15),
        case("count", output_mode="count", max_tokens=15),
        case("tf-idf", output_mode="tf_idf", max_tokens=15),
        case("ties", adapt=ties + ties[:40], texts=[" ".join(ties)], standardize=None),
        case("given vocabulary", vocabulary=["film", "bad", "good"]),
    ],
    "padding": [
        pad_case(sequences),
        pad_case(sequences, maxlen=3),
        pad_case(sequences, maxlen=3, padding="post", truncating="post", value=-1),
        pad_case(sequences, maxlen=7, padding="post"),
        pad_case(sequences, maxlen=2, truncating="post", dtype="float32", value=0.5),
        pad_case(rows, dtype="float32", padding="post", value=-9.0),
        pad_case(rows, dtype="float32", maxlen=2),
    ],
    "oneHot": [
        {"labels": [2, 0, 1], "classes": None, "rows": keras.utils.to_categorical([2, 0, 1]).tolist()},
        {"labels": [1, 0], "classes": 4, "rows": keras.utils.to_categorical([1, 0], 4).tolist()},
    ],
}

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
