"""Writes preprocessing.json: what scikit-learn's MinMaxScaler and metrics give, for rnnlab/preprocessing to equal.

Run with: python test/golden/preprocessing.py
"""

import json
import math
import pathlib

import numpy as np
import sklearn
from sklearn.metrics import mean_squared_error, root_mean_squared_error
from sklearn.preprocessing import MinMaxScaler

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


with_gaps = random.normal(0, 1, (6, 2))
with_gaps[2, 0] = with_gaps[4, 1] = np.nan
actual, predicted = random.normal(100, 10, 20), random.normal(100, 10, 20)
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
    },
}

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
