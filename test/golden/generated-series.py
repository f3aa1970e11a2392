"""Writes generated-series.json: the lectures' generated data, as NumPy makes it.

Run with: python test/golden/generated-series.py
"""

import json
import pathlib

import numpy as np

random = np.random.RandomState(0)
line = 2 * np.arange(10) + 1 + 0.8 * random.randn(10)

random = np.random.RandomState(5)
segments = np.stack(
    [np.sin(np.linspace(n * np.pi, (n + 1) * np.pi, 11)) + random.normal(0, 0.008, 11) for n in range(100)]
)

times = np.linspace(0, 30, 800)
golden = {
    "versions": {"numpy": np.__version__},
    "line": line.tolist(),
    "segments": {
        "first": segments[0].tolist(),
        "last": segments[99].tolist(),
        "sums": segments.sum(axis=0).tolist(),
    },
    "twoSines": {
        "times": times[::50].tolist(),
        "values": (np.sin(times) / 3 + 2 * np.sin(5 * times))[::50].tolist(),
    },
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
