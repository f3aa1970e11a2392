"""Writes imdb.json: what Keras's load_data makes of a small file, which is part of the JSON, and of the real one.

Run with: python test/golden/imdb.py DIRECTORY, where the directory holds imdb.npz and imdb_word_index.json.
"""

import base64
import hashlib
import io
import json
import pathlib
import sys
import tempfile

import keras
import numpy as np
from keras.src.datasets import imdb

directory = pathlib.Path(sys.argv[1])

options = [
    {},
    {"num_words": 10000},
    {"num_words": 20, "skip_top": 5},
    {"maxlen": 100},
    {"num_words": 1000, "maxlen": 250, "seed": 7},
    {"start_char": None},
    {"start_char": None, "index_from": 0, "oov_char": None, "num_words": 50},
    {"oov_char": None, "num_words": 5000, "skip_top": 10},
    {"start_char": 7, "oov_char": 9, "index_from": 10, "num_words": 500, "seed": 4294967295},
]


def load(path, **given):
    imdb.get_file = lambda **_: str(path)
    return imdb.load_data(**given)


def lists(reviews):
    return [[int(word) for word in review] for review in reviews]


def digest(reviews):
    """sha256 of every review's length and words as little-endian int32."""
    sha256 = hashlib.sha256()
    for review in reviews:
        sha256.update(np.array([len(review), *review], dtype="<i4").tobytes())
    return sha256.hexdigest()


def summary(reviews, labels):
    lengths = [len(review) for review in reviews]
    return {
        "count": len(reviews),
        "words": sum(lengths),
        "longest": max(lengths),
        "greatest": max(max(review) for review in reviews if len(review)),
        "positive": int(np.sum(labels)),
        "first": [int(word) for word in reviews[0]],
        "reviews": digest(reviews),
        "labels": hashlib.sha256(np.array(labels, dtype="<i4").tobytes()).hexdigest(),
    }


def small_file():
    random = np.random.RandomState(3)

    def split(count):
        reviews = np.empty(count, dtype=object)
        for i in range(count):
            length = int(random.randint(1, 300 if i % 5 == 0 else 60))
            # Few frequent words and many rare ones, as in a language.
            reviews[i] = [int(word) for word in np.minimum(random.zipf(1.3, length), 80000)]
        return reviews, random.randint(0, 2, count)

    x_train, y_train = split(40)
    x_test, y_test = split(30)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return buffer.getvalue()


content = small_file()
small = []
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "imdb.npz"
    path.write_bytes(content)
    for given in options:
        (x_train, y_train), (x_test, y_test) = load(path, **given)
        small.append(
            {
                "options": given,
                "train": {"reviews": lists(x_train), "labels": y_train.tolist()},
                "test": {"reviews": lists(x_test), "labels": y_test.tolist()},
            }
        )

# Every second one: each takes seconds.
real = []
for given in options[::2]:
    (x_train, y_train), (x_test, y_test) = load(directory / "imdb.npz", **given)
    real.append({"options": given, "train": summary(x_train, y_train), "test": summary(x_test, y_test)})

golden = {
    "versions": {"keras": keras.__version__, "numpy": np.__version__},
    "file": base64.b64encode(content).decode(),
    "small": small,
    "real": {"sha256": hashlib.sha256((directory / "imdb.npz").read_bytes()).hexdigest(), "runs": real},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
print(path.stat().st_size)
