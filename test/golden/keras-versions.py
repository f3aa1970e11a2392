"""Writes keras-versions/VERSION.zip: small models as that version of Keras saves them, and predictions.json with inputs
and what Keras predicts. It is run once for each version, in an environment of its own:

    python test/golden/keras-versions.py keras|tf_keras|tensorflow.keras

Keras 1.2.2 to 2.3.1 ran on Python 3.7 with tensorflow 1.15.5 and h5py 2.10; tensorflow.keras 2.4 to 2.15 came with
tensorflow-cpu 2.4.4, 2.12.1, 2.13.1, 2.14.1 and 2.15.1; tf_keras 2.18.0 and Keras 3 ran with tensorflow-cpu 2.18.1.
"""

import importlib
import io
import json
import os
import pathlib
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np

K = importlib.import_module(sys.argv[1] if len(sys.argv) > 1 else "keras")
L = importlib.import_module(K.__name__ + ".layers") if K.__name__ != "tensorflow.keras" else K.layers
VERSION = getattr(K, "__version__", None) or importlib.import_module("keras").__version__
NUMBERS = tuple(int(part) for part in VERSION.split("-")[0].split("."))
Input = getattr(K, "Input", None) or L.Input
Sequential = K.models.Sequential
IDS = np.array([[1, 2, 0, 3, 0, 0], [0, 0, 5, 6, 7, 8]], "int32")


def series(*shape):
    return np.sin(np.arange(np.prod(shape)) * 1.3).astype("float32").reshape(shape)


def Model(inputs, outputs):
    return K.models.Model(inputs=inputs, outputs=outputs)


def sequential():
    """Layers whose defaults and options have changed, one after the other."""
    return Sequential(
        [
            L.Embedding(9, 4, mask_zero=True, input_length=6)
            if NUMBERS < (3,)
            else L.Embedding(9, 4, mask_zero=True),
            L.LSTM(3, return_sequences=True, recurrent_activation="hard_sigmoid"),
            L.Bidirectional(
                L.GRU(2, return_sequences=True, recurrent_activation="hard_sigmoid"), merge_mode="sum"
            ),
            L.TimeDistributed(L.Dense(3, activation="hard_sigmoid")),
            L.GRU(3, use_bias=False),
            L.Dense(2),
            L.Activation("hard_sigmoid"),
        ]
    ), [IDS]


def functional():
    """A shared layer, layers of one class in branches, normalisation, states that are passed on."""
    x, y = Input(shape=(5, 2), name="x"), Input(shape=(5, 2), name="y")
    shared = L.LSTM(3, return_sequences=True, return_state=True)
    a, h, c = shared(x)
    b = shared(y)[0]
    a, b = L.BatchNormalization()(a), L.BatchNormalization()(b)
    b = L.LSTM(3, return_sequences=True)(b, initial_state=[h, c])
    a, b = L.Conv1D(2, 3)(a), L.Conv1D(2, 3)(b)
    z = L.Concatenate()([L.GlobalMaxPooling1D()(a), L.Flatten()(b)])
    return Model([x, y], [L.Dense(2)(z), L.Dense(1, activation="sigmoid")(h)]), [
        series(3, 5, 2),
        series(3, 5, 2) * 0.5,
    ]


def nested():
    """Models in a model, which make masks and take them; one of them has one output with a mask and one without."""
    inner = (
        Sequential([L.Embedding(9, 4, mask_zero=True, input_shape=(6,))])
        if NUMBERS < (3,)
        else Sequential([Input((6,)), L.Embedding(9, 4, mask_zero=True)])
    )
    ids = Input(shape=(6,))
    words = inner(ids)
    free = Input(shape=(6, 4))
    both = Model([ids, free], [L.LSTM(3, return_sequences=True)(words), L.Dense(3)(free)])
    p, q, x = Input(shape=(6,), name="p"), Input(shape=(6,), name="q"), Input(shape=(6, 4), name="x")
    (a, b), (c, d) = both([p, x]), both([q, x])
    ends = [L.GRU(2)(a), L.GRU(2)(b), L.LSTM(2)(L.Dropout(0.5)(c)), L.SimpleRNN(2)(L.Dropout(0.5)(d))]
    return Model([p, q, x], L.Dense(1)(L.Concatenate()(ends))), [IDS, IDS[::-1], series(2, 6, 4)]


def masked_call():
    """A mask that is an input of its own."""
    x, m = Input(shape=(5, 2), name="x"), Input(shape=(5,), name="m", dtype="bool")
    y = L.LSTM(3, return_sequences=True)(x, mask=m)
    # Keras 2 hands the mask on with the sequence, Keras 3 does not.
    return Model([x, m], L.GRU(2)(y)), [series(2, 5, 2), np.array([[1, 1, 0, 0, 0], [0, 1, 1, 1, 0]], bool)]


def training_call():
    """A layer that trains for good: it normalises by the batch."""
    x = Input(shape=(5, 2))
    y = L.BatchNormalization()(x, training=True)
    return Model(x, L.LSTM(2)(y)), [series(3, 5, 2)]


def operations():
    """What is computed between layers, and layers with arguments that are newer."""
    x = Input(shape=(6, 4))
    y = L.LSTM(4, return_sequences=True)(x)
    z = (1 - x * y) / 2 + y[:, -1:]
    return Model(x, L.Dense(2)(L.UpSampling1D(2)(L.ZeroPadding1D(1)(z)))), [series(3, 6, 4)]


CASES = [sequential, functional, nested]
# Earlier ones need Lambda for it.
if (2, 4) <= NUMBERS:
    CASES.append(operations)
if (2, 2, 4) <= NUMBERS:
    CASES.append(training_call)
# Keras before that loses the mask when it saves the model.
if (2, 4) <= NUMBERS:
    CASES.append(masked_call)
if NUMBERS < (2,):

    def first():
        model = Sequential()
        model.add(L.LSTM(3, input_shape=(5, 2)))
        model.add(L.Dense(1))
        return model, [series(3, 5, 2)]

    CASES = [first]


def set_weights(model):
    def draw(i, weight, shape):
        values = np.sin(np.arange(np.prod(shape)) * 0.7 + i + 1).astype("float32").reshape(shape) * 0.6
        return (
            np.abs(values) + 0.1 if "variance" in (getattr(weight, "path", None) or weight.name) else values
        )

    for number, layer in enumerate(model.layers):
        # Of a whole model early versions list and set them in different orders.
        shapes = [np.shape(array) for array in layer.get_weights()]
        layer.set_weights([draw(number + i, *pair) for i, pair in enumerate(zip(layer.weights, shapes))])


def tensor(array):
    numbers = [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]
    return {"shape": list(np.shape(array)), "values": numbers}


def main():
    files, predictions = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for make in CASES:
            name = make.__name__
            if hasattr(K.backend, "clear_session"):
                K.backend.clear_session()
            model, inputs = make()
            if NUMBERS >= (3,):
                model.build([x.shape for x in inputs] if len(inputs) > 1 else inputs[0].shape)
            set_weights(model)
            outputs = model.predict(inputs if len(inputs) > 1 else inputs[0])
            outputs = outputs if isinstance(outputs, list) else [outputs]
            predictions[name] = {
                "inputs": [tensor(x) for x in inputs],
                "outputs": [tensor(y) for y in outputs],
            }
            written = [name + ".h5"]
            if NUMBERS >= (2, 12):
                written.append(name + ".keras")
            if name == "functional":
                pathlib.Path(folder, "functional.json").write_text(model.to_json())
                files["functional.json"] = pathlib.Path(folder, "functional.json").read_bytes()
                weights = "functional.weights.h5"
                model.save_weights(os.path.join(folder, weights))
                files[weights] = pathlib.Path(folder, weights).read_bytes()
            if name == "sequential" and NUMBERS >= (2,):
                # The optimiser's weights are written, too.
                model.compile("adam", "mse")
                model.fit(inputs[0], outputs[0], epochs=1, verbose=0)
                set_weights(model)
            for file in written:
                model.save(os.path.join(folder, file))
                files[file] = pathlib.Path(folder, file).read_bytes()
    files["predictions.json"] = json.dumps(predictions, separators=(",", ":")).encode()
    target = pathlib.Path(__file__).with_suffix("") / (VERSION + ".zip")
    with zipfile.ZipFile(str(target), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            content = repack(content) if name.endswith(".keras") else content
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    print(VERSION, target.stat().st_size, sorted(files))


def repack(content):
    """A .keras file without the times in it. Keras 2.12 writes HDF5 under that name."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            copy.writestr(zipfile.ZipInfo(name), archive.read(name))
    return made.getvalue()


main()
