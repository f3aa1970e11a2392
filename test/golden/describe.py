"""Writes describe.json: what pandas's describe() gives, for rnnlab/table to equal.

Run with: python test/golden/describe.py
"""

import json
import math
import pathlib

import numpy as np
import pandas as pd

random = np.random.RandomState(3)
columns = {
    "normal": random.normal(10, 2.5, size=40).round(6).tolist(),
    "with gaps": [1.5, None, 2.5, float("nan"), 10],
    "one": [4.25],
    "nothing but NaN": [float("nan"), float("nan")],
    "infinite": [1, 2, float("inf"), 3, 4, 5],
    "integers": [5, 3, 3, 9, -2, 7],
    "large": [1e15, 1e15 + 2, 1e15 + 4],
    "texts": ["b", "a", "b", None, "a", "c"],
    "truth": [True, False, True],
    "all missing": [None, None],
    "dates": ["1985-01-01", "1985-02-01", "1985-04-01", None, "2018-01-01T12:30:00"],
}
# JSON has neither NaN nor infinity: they are texts there.
plain = lambda value: str(value) if isinstance(value, float) and not math.isfinite(value) else value


def statistic(value):
    if isinstance(value, pd.Timestamp):
        return round(value.timestamp() * 1000)
    return plain(value.item() if isinstance(value, np.generic) else value)


golden = {"pandas": pd.__version__, "numpy": np.__version__, "columns": {}}
for name, values in columns.items():
    dtype = "datetime64[ns]" if name == "dates" else None
    if name in ("texts", "truth", "all missing"):
        dtype = "object"
    series = pd.Series(
        [pd.Timestamp(v) if v else pd.NaT for v in values] if name == "dates" else values, dtype=dtype
    )
    golden["columns"][name] = {
        "values": [plain(value) for value in values],
        "describe": {key: statistic(value) for key, value in series.describe().items()},
    }

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
