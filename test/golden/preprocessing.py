"""Writes preprocessing.json: what scikit-learn's scalers, splits and metrics give, for rnnlab/preprocessing to equal.

Run with: python test/golden/preprocessing.py
"""

import json
import math
import pathlib

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, confusion_matrix, mean_squared_error, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

random = np.random.RandomState(3)
nan_as_null = lambda rows: [[None if math.isnan(x) else x for x in row] for row in rows]


def case(name, fit, transform, feature_range=(0, 1)):
    scaler = MinMaxScaler(feature_range).fit(fit)
    scaled = scaler.transform(transform)
    return {
        "name": name,
        "featureRange": feature_range,
        "fit": nan_as_null(fit),
        "transform": nan_as_null(transform),
        "scaled": nan_as_null(scaled),
        "restored": nan_as_null(scaler.inverse_transform(scaled)),
        "dataMin": scaler.data_min_.tolist(),
        "dataMax": scaler.data_max_.tolist(),
    }


def standard_case(name, fit, transform):
    scaler = StandardScaler().fit(fit)
    scaled = scaler.transform(transform)
    return {
        "name": name,
        "fit": nan_as_null(fit),
        "transform": nan_as_null(transform),
        "scaled": nan_as_null(scaled),
        "restored": nan_as_null(scaler.inverse_transform(scaled)),
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
    }


def split_case(test_size, seed, classes, stratify):
    train, test = train_test_split(
        np.arange(len(classes)),
        test_size=test_size,
        random_state=seed,
        stratify=classes if stratify else None,
    )
    return {
        "testSize": test_size,
        "seed": seed,
        "classes": classes,
        "stratify": stratify,
        "train": train.tolist(),
        "test": test.tolist(),
    }


with_gaps = random.normal(0, 1, (6, 2))
with_gaps[2, 0] = with_gaps[4, 1] = np.nan
actual, predicted = random.normal(100, 10, 20), random.normal(100, 10, 20)
more = np.random.RandomState(4)
labels, guesses = more.randint(0, 4, 30), more.randint(0, 4, 30)
rows, row_guesses = more.normal(0, 1, (5, 3)), more.normal(0, 1, (5, 3))
uneven = ([0] * 17 + [1] * 9 + [2] * 5 + [3] * 2) * 2
golden = {
    "scikit-learn": sklearn.__version__,
    "scaler": [
        case("one feature", random.uniform(55, 130, (9, 1)), random.uniform(40, 150, (5, 1))),
        case("three features", random.normal(0, 50, (7, 3)), random.normal(0, 60, (4, 3))),
        case("range -1 to 1", random.normal(5, 2, (7, 2)), random.normal(5, 3, (4, 2)), (-1, 1)),
    ],
    "scalerWithGaps": case("NaN kept", with_gaps, with_gaps),
    "metrics": {
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "meanSquaredError": mean_squared_error(actual, predicted),
        "rootMeanSquaredError": root_mean_squared_error(actual, predicted),
        "rows": rows.tolist(),
        "predictedRows": row_guesses.tolist(),
        "meanSquaredErrorOfRows": mean_squared_error(rows, row_guesses),
        "labels": labels.tolist(),
        "predictedLabels": guesses.tolist(),
        "accuracyScore": accuracy_score(labels, guesses),
        "confusionMatrix": confusion_matrix(labels, guesses).tolist(),
        "confusionMatrixOfSome": confusion_matrix(
            ["a", "b", "b"], ["b", "b", "a"], labels=["b", "a", "c"]
        ).tolist(),
    },
    "standardScaler": [
        standard_case("one feature", more.uniform(55, 130, (9, 1)), more.uniform(40, 150, (5, 1))),
        standard_case("three features", more.normal(1000, 50, (7, 3)), more.normal(0, 60, (4, 3))),
    ],
    "standardScalerWithGaps": standard_case("NaN kept", with_gaps, with_gaps),
    "splits": [
        split_case(0.25, 0, [0] * 10, False),
        split_case(3, 42, [0] * 11, False),
        split_case(0.2, 7, [0, 1] * 20, True),
        split_case(0.2, 7, uneven, True),
        split_case(13, 1, uneven, True),
        split_case(0.5, 3, ["pos", "neg", "neg", "pos", "so", "so", "neg"], True),
    ],
}

# Constant features: each in a place of its own, so that what is above stays as it was.
constant = np.column_stack([more.normal(5, 2, 6), np.full(6, 7.5), np.full(6, 0.0), np.full(6, -3.0)])
beyond = np.column_stack([more.normal(5, 2, 4), [7.5, 8, 9, -1], [0, 1, 2, 3], [-3, 0, 3, 6]])
golden["scalerOfConstants"] = case("constant features", constant, beyond, (-1, 1))
golden["standardScalerOfConstants"] = standard_case("constant features", constant, beyond)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
