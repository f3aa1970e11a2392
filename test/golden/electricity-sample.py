"""Writes electricity-sample.json: the embedded sample computed a second time, with NumPy, and its baselines.

Run with: python test/golden/electricity-sample.py
"""

import json
import pathlib

import numpy as np

t = np.arange(397)
normal = np.random.RandomState(1985).normal(0, 0.022, size=397)
noise = np.zeros(397)
for i in t:
    noise[i] = 0.5 * (noise[i - 1] if i else 0) + normal[i]
level = 64 + 40 * (1 - np.exp(-t / 160))
season = 1 + 0.07 * np.cos(2 * np.pi * (t - 0.4) / 12) + 0.11 * np.cos(4 * np.pi * (t - 0.5) / 12)
values = np.round(level * season * (1 + noise), 4)


def root_mean_squared_error(lag):
    return float(np.sqrt(np.mean((values[250:] - values[250 - lag : 397 - lag]) ** 2)))


golden = {
    "values": values.tolist(),
    "least": float(values.min()),
    "greatest": float(values.max()),
    "naive": root_mean_squared_error(1),
    "seasonalNaive": root_mean_squared_error(12),
}
print({name: value for name, value in golden.items() if name != "values"})

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
