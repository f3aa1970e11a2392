"""Keras's own times for the trainings that the lectures do in full size.

`keras_lectures.py --data DIR [--lectures 000,004] [--out FILE]` builds each lecture's models with Keras, in the same
shapes, batches, masks and validation as its notebook, and times epochs of `fit`. DIR has imdb.npz and mnist.npz; the
lectures' smaller data are random here, since time does not depend on their values. An epoch that takes longer than
LONGEST seconds is timed in part and scaled up; one that takes less than SHORTEST is repeated. Trainings have the names
under which the notebooks keep their own times.
"""

import argparse
import json
import os
import platform
import time
from collections import namedtuple

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.optimizers import SGD, Adam

LONGEST, SHORTEST = 20, 2
PROBE_STEPS = 8

# `runs` counts the seeds.
Training = namedtuple("Training", "name model train validation epochs runs", defaults=[None, 1, 1])

random = np.random.default_rng(7)


class Rows:
    """Arrays with one length: `fit` cuts them into batches."""

    def __init__(self, x, y, batch=32, shuffle=True):
        self.x, self.y = x if isinstance(x, list) else [x], y
        self.batch, self.shuffle = batch, shuffle
        self.steps = -(-len(y) // batch)

    def part(self, steps):
        """Arguments of `fit` for that number of steps, those of its validation, and their share of an epoch's work."""
        # Its last batch is as small as that of the whole: with other shapes `fit` would trace its step anew.
        rows = len(self.y) - (self.steps - min(steps, self.steps)) * self.batch
        x = [each[:rows] for each in self.x]
        x, y = x if len(x) > 1 else x[0], self.y[:rows]
        return {"x": x, "y": y, "batch_size": self.batch, "shuffle": self.shuffle}, (x, y), rows / len(self.y)


class ByLength:
    """Sequences sorted by length, cut into batches, each padded at the end to its longest; the batches in random order.

    They come from a dataset whose signature leaves batch and length open: `fit` traces its step once. A step for
    every length would be traced more than a hundred times, which would count against Keras.
    """

    def __init__(self, sequences, labels, batch=128):
        order = np.argsort([len(sequence) for sequence in sequences], kind="stable")
        cuts = [order[start : start + batch] for start in range(0, len(order), batch)]
        self.batches = [self.padded([sequences[row] for row in rows], labels[rows]) for rows in cuts]
        self.steps = len(self.batches)

    @staticmethod
    def padded(sequences, labels):
        x = np.zeros((len(sequences), len(sequences[-1])), "int32")
        for row, sequence in enumerate(sequences):
            x[row, : len(sequence)] = sequence
        return x, labels[:, None].astype("float32")

    def part(self, steps):
        """As of Rows. The batches of a part are spread over all lengths; work is counted in padded words."""
        steps = min(steps, self.steps)
        chosen = [self.batches[int((i + 0.5) * self.steps / steps)] for i in range(steps)]

        def shuffled():
            return (chosen[i] for i in random.permutation(steps))

        signature = tf.TensorSpec([None, None], "int32"), tf.TensorSpec([None, 1], "float32")
        dataset = tf.data.Dataset.from_generator(shuffled, output_signature=signature).prefetch(
            tf.data.AUTOTUNE
        )
        # Keras counts a generator's steps in its first epoch unless it is told.
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(steps))
        words = [sum(x.size for x, _ in batches) for batches in (chosen, self.batches)]
        return {"x": dataset}, dataset, words[0] / words[1]


class Clock(keras.callbacks.Callback):
    """Seconds of each epoch, validation included; stateful layers start each pass from zeros."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()
        self.reset()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.begin)

    def on_test_begin(self, logs=None):
        self.reset()

    def reset(self):
        for layer in self.model.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()


def timed(training, most_steps):
    """Seconds of an epoch, and in how many of its steps they were measured."""
    keras.backend.clear_session()
    model = training.model()

    def fit(steps, epochs):
        arguments, _, share = training.train.part(steps)
        if training.validation:
            part = max(2, round(training.validation.steps * steps / training.train.steps))
            arguments["validation_data"] = training.validation.part(part)[1]
        clock = Clock()
        model.fit(**arguments, epochs=epochs, verbose=0, callbacks=[clock])
        return clock.seconds, share

    all_steps = training.train.steps
    steps = min(all_steps, most_steps or PROBE_STEPS)
    # The first epoch traces and compiles; the next ones tell how many steps, or epochs, there is time for.
    (_, *each), share = fit(steps, 3)
    seconds = min(each)
    if not most_steps:
        steps = max(steps, min(all_steps, int(all_steps * LONGEST * share / seconds)))
        epochs = int(SHORTEST * share / seconds)
        # The median leaves out the epoch in which a fit sets itself up.
        each, share = fit(steps, 1 if epochs == 0 else min(max(epochs, 3), 50))
        seconds = float(np.median(each))
    return seconds / share, steps


def sequential(*stack, **options):
    model = keras.Sequential(stack)
    model.compile(**options)
    return model


def uniform(*shape):
    return random.random(shape, "float32")


def integers(top, *shape):
    return random.integers(0, top, shape, "int32")


def imdb(directory, words):
    """Reviews in random order as `load_data(num_words=words)` gives them: 1 begins, 2 is unknown, words from 4 on."""
    with np.load(os.path.join(directory, "imdb.npz"), allow_pickle=True) as file:
        for part in ["train", "test"]:
            order = random.permutation(len(file[f"y_{part}"]))
            x, y = file[f"x_{part}"][order], file[f"y_{part}"][order]
            reviews = [np.array([1, *review]) + 3 * (np.arange(len(review) + 1) > 0) for review in x]
            yield [np.where(review < words, review, 2).astype("int32") for review in reviews], y


def lecture_000(directory):
    def forecaster(stack, steps=15, rate=0.001):
        return lambda: sequential(keras.Input([steps, 1]), *stack(), optimizer=Adam(rate), loss="mse")

    def lstms(outputs):
        def stack():
            for more in [True, True, True, False]:
                yield layers.LSTM(45, return_sequences=more)
                yield layers.Dropout(0.2)
            yield layers.Dense(outputs)

        return stack

    def sequence():
        yield layers.LSTM(45, return_sequences=True)
        yield layers.Dropout(0.2)
        for _ in range(3):
            yield layers.LSTM(45, return_sequences=True)
        yield layers.TimeDistributed(layers.Dense(1))

    windows = uniform(235, 15, 1)
    one = Rows(windows, uniform(235, 1))
    gru = lambda: [layers.GRU(256), layers.Dropout(0.2), layers.Dense(1)]
    for name, stack, data in [
        ("SimpleRNN", lambda: [layers.SimpleRNN(3), layers.Dropout(0.2), layers.Dense(1)], one),
        ("LSTM-stack", lstms(1), one),
        ("LSTM-14-months", lstms(14), Rows(windows[:222], uniform(222, 14))),
        ("LSTM-sequence", sequence, Rows(windows, uniform(235, 15, 1))),
        ("GRU", gru, one),
        ("GRU-text-order", gru, one),
    ]:
        yield Training(name, forecaster(stack), data, None, 100)
    differences = Rows(uniform(214, 24, 1), uniform(214, 1))
    for cell in [layers.SimpleRNN, layers.LSTM, layers.GRU]:
        stack = lambda cell=cell: [cell(8), layers.Dense(1)]
        yield Training(f"seasonal-{cell.__name__}", forecaster(stack, 24, 0.01), differences, None, 20)

    # The same reviews as raw text come to almost the same lengths.
    (train, labels), (test, test_labels) = imdb(directory, 1000)
    reader = lambda: sequential(
        keras.Input([None], dtype="int32"),
        layers.Embedding(1000, 64, mask_zero=True),
        layers.Bidirectional(layers.LSTM(64)),
        layers.Dense(32, activation="relu"),
        layers.Dense(1),
        optimizer=Adam(1e-4),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    reviews = ByLength(train[:4000], labels[:4000]), ByLength(test[:1000], test_labels[:1000])
    yield Training("reader", reader, *reviews, 25 + 16)


def lecture_001(directory):
    model = lambda: sequential(
        keras.Input([None], dtype="int32"),
        layers.Embedding(10_000, 32, mask_zero=True),
        layers.SimpleRNN(10),
        layers.Dense(1, activation="sigmoid"),
        optimizer="rmsprop",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    (train, labels), test = imdb(directory, 10_000)
    parts = ByLength(train[:20_000], labels[:20_000]), ByLength(train[20_000:], labels[20_000:])
    yield Training("eight epochs", model, *parts, 8)
    # Three seeds with the published rate, three with the falling one.
    yield Training("final", model, ByLength(train, labels), ByLength(*test), 4, 6)


def lecture_002(directory):
    accuracy = {"metrics": ["accuracy"]}
    sparse = {"loss": "sparse_categorical_crossentropy", **accuracy}
    clipped = lambda rate=0.01: Adam(rate, clipnorm=1)

    seen = lambda rows: Rows(uniform(rows, 8, 6), integers(2, rows, 8, 1).astype("float32"))
    model = lambda: sequential(
        keras.Input([8, 6]),
        layers.SimpleRNN(32, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
        optimizer=clipped(),
        loss="binary_crossentropy",
        **accuracy,
    )
    yield Training("sequence to sequence", model, seen(4000), seen(1000), 8)

    greatest = lambda rows: Rows(uniform(rows, 8, 6), integers(6, rows))
    model = lambda: sequential(
        keras.Input([8, 6]),
        layers.SimpleRNN(32),
        layers.Dense(6, activation="softmax"),
        optimizer=Adam(0.003),
        **sparse,
    )
    yield Training("sequence to vector", model, greatest(4000), greatest(1000), 5)

    waves = lambda rows: Rows(uniform(rows, 2), uniform(rows, 40, 1))
    model = lambda: sequential(
        keras.Input([2]),
        layers.RepeatVector(40),
        layers.GRU(32, return_sequences=True),
        layers.Dense(1),
        optimizer=clipped(),
        loss="mse",
    )
    yield Training("vector to sequence", model, waves(2000), waves(200), 30)

    def translator():
        source, before = keras.Input([6], dtype="int32"), keras.Input([None], dtype="int32")
        embedding = layers.Embedding(11, 16)
        thought = layers.GRU(64)(embedding(source))
        written = layers.GRU(64, return_sequences=True)(embedding(before), initial_state=thought)
        model = keras.Model([source, before], layers.Dense(10, activation="softmax")(written))
        model.compile(optimizer=Adam(0.005), **sparse)
        return model

    spoken = Rows([integers(10, 20_000, 6), integers(11, 20_000, 6)], integers(10, 20_000, 6, 1), 128)
    yield Training("encoder decoder", translator, spoken, None, 14)

    with np.load(os.path.join(directory, "mnist.npz")) as file:
        digits = [
            Rows((file[f"x_{part}"] / 255).astype("float32"), file[f"y_{part}"]) for part in ["train", "test"]
        ]
    model = lambda: sequential(
        keras.Input([28, 28]),
        layers.SimpleRNN(150, activation="relu"),
        layers.Dense(10, activation="softmax"),
        optimizer=Adam(),
        **sparse,
    )
    yield Training("digits", model, *digits, 10 + 3)

    def sine(optimizer):
        return lambda: sequential(
            keras.Input([None, 1]),
            layers.SimpleRNN(100, activation="relu", return_sequences=True),
            layers.Dense(1),
            optimizer=optimizer(),
            loss="mse",
        )

    windows = lambda rows, steps, **options: Rows(uniform(rows, steps, 1), uniform(rows, steps, 1), **options)
    yield Training("sine", sine(Adam), windows(31, 20, shuffle=False), windows(8, 20), 30)
    yield Training("sine, long", sine(lambda: clipped(0.003)), windows(581, 40), None, 150)

    # Row i of a chunk goes on in row i of the next: a batch is a chunk, and the order stays.
    echo = lambda: sequential(
        keras.Input(batch_shape=[32, None, 1]),
        layers.SimpleRNN(20, stateful=True, return_sequences=True),
        layers.Dense(1),
        optimizer=clipped(0.003),
        loss="mse",
    )
    for steps, epochs in [(4, 31), (8, 63), (24, 188), (192, 1500)]:
        chunks = [windows(32 * 192 // steps, steps, shuffle=False) for _ in range(2)]
        yield Training(f"echo, chunks of {steps}", echo, *chunks, epochs)

    held = lambda rows: Rows(uniform(rows, 24, 2), uniform(rows, 24, 1))
    model = lambda: sequential(
        keras.Input([24, 2]),
        layers.LSTM(4, return_sequences=True),
        layers.Dense(1),
        optimizer=clipped(),
        loss="mse",
    )
    yield Training("sample and hold", model, held(512), held(64), 60)


def lecture_003(_):
    """The network from scratch learns from one sequence at a time: batches of 1 here. Its demonstrations of gradients
    have nothing in Keras to stand beside."""
    model = lambda: sequential(
        keras.Input([10, 1]),
        layers.SimpleRNN(4, return_sequences=True),
        layers.Dense(1),
        optimizer=SGD(0.1),
        loss="mse",
    )
    yield Training(
        "nine epochs", model, Rows(uniform(100, 10, 1), uniform(100, 10, 1), 1, shuffle=False), None, 9
    )
    windows, letters = 61, 26
    writer = lambda: sequential(
        keras.Input([25, letters]),
        layers.SimpleRNN(48, return_sequences=True),
        layers.Dense(letters, activation="softmax"),
        optimizer=SGD(0.3, clipnorm=1),
        loss="categorical_crossentropy",
    )
    one_hot = lambda: np.eye(letters, dtype="float32")[integers(letters, windows, 25)]
    yield Training("writer", writer, Rows(one_hot(), one_hot(), 1, shuffle=False), None, 80)


def lecture_004(directory):
    vocabulary = 88_585
    readers = {
        "SimpleRNN": lambda: [layers.SimpleRNN(64)],
        "2-Bidirectional-SimpleRNN": lambda: stacked(layers.SimpleRNN),
        "2-Bidirectional-GRU": lambda: stacked(layers.GRU),
        "Bidirectional-LSTM": lambda: [layers.Bidirectional(layers.LSTM(64))],
        "bag-of-words": lambda: [layers.GlobalAveragePooling1D()],
    }

    def stacked(cell):
        return [layers.Bidirectional(cell(64, return_sequences=True)), layers.Bidirectional(cell(64))]

    def model(reader, masked):
        return lambda: sequential(
            keras.Input([None], dtype="int32"),
            layers.Embedding(vocabulary, 64, mask_zero=masked),
            *readers[reader](),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
            optimizer=Adam(),
            loss="binary_crossentropy",
            metrics=["accuracy"],
            # XLA would compile the bag of words again for each length; recurrent layers it does not take.
            jit_compile=False,
        )

    (reviews, labels), _ = imdb(directory, vocabulary)

    def cut(length):
        x = np.zeros((len(reviews), length), "int32")
        for row, review in enumerate(reviews):
            x[row, : min(len(review), 100)] = review[:100]
        return [Rows(x[part], labels[part], 128) for part in parts]

    parts = slice(3840, None), slice(3840)

    def training(reader, parts, kind, *numbers, masked=False):
        name = f"{reader}{'-masked' if masked else ''}, {kind}"
        return Training(name, model(reader, masked), *parts, *numbers)

    yield training("SimpleRNN", cut(300), "300 steps", 2)
    hundred = cut(100), "100 steps"
    yield training("bag-of-words", *hundred, 3)
    yield training("SimpleRNN", *hundred, 3, 3)
    # Three seeds of three epochs, and five at half the rate.
    yield training("SimpleRNN", *hundred, 3 * 3 + 5, masked=True)
    for reader in ["2-Bidirectional-SimpleRNN", "2-Bidirectional-GRU"]:
        for masked in [False, True]:
            yield training(reader, *hundred, 3, masked=masked)
    whole = [ByLength(reviews[part], labels[part]) for part in parts], "whole"
    for masked in [False, True]:
        yield training("Bidirectional-LSTM", *whole, 3, masked=masked)
    yield training("bag-of-words", *whole, 3)


LECTURES = {
    "000": lecture_000,
    "001": lecture_001,
    "002": lecture_002,
    "003": lecture_003,
    "004": lecture_004,
}


def measured(name, directory, most_steps):
    print(f"\n{name}: seconds an epoch × epochs × runs (steps timed of an epoch's)", flush=True)
    rows = []
    for training in LECTURES[name](directory):
        epoch, steps = timed(training, most_steps)
        row = {
            "training": training.name,
            "epochs": training.epochs,
            "runs": training.runs,
            "secondsPerEpoch": round(epoch, 4),
            "seconds": round(epoch * training.epochs * training.runs, 2),
            "stepsTimed": steps,
            "steps": training.train.steps,
        }
        rows.append(row)
        times = f"{epoch:8.3f} × {training.epochs:4} × {training.runs} = {row['seconds']:8.1f}"
        print(f"  {training.name:36}{times}  ({steps} of {training.train.steps})", flush=True)
    seconds = round(sum(row["seconds"] for row in rows), 1)
    print(f"  {'in all':36}{seconds:27}", flush=True)
    return {"seconds": seconds, "trainings": rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="directory with imdb.npz and mnist.npz")
    parser.add_argument(
        "--lectures", default=",".join(LECTURES), help="for instance 000,004; all unless given"
    )
    parser.add_argument("--out", help="JSON file to write")
    parser.add_argument("--steps", type=int, help="the most steps of a training: to try it, not to measure")
    options = parser.parse_args()
    modules = {"keras": keras, "tensorflow": tf, "numpy": np}
    versions = {
        "python": platform.python_version(),
        **{name: each.__version__ for name, each in modules.items()},
    }
    begin = time.perf_counter()
    lectures = {name: measured(name, options.data, options.steps) for name in options.lectures.split(",")}
    seconds = round(sum(lecture["seconds"] for lecture in lectures.values()), 1)
    print(
        f"\n{seconds} seconds of training in all, measured in {time.perf_counter() - begin:.0f}; {versions}"
    )
    result = {"versions": versions, "cores": os.cpu_count(), "seconds": seconds, "lectures": lectures}
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2, ensure_ascii=False)
            file.write("\n")


main()
