"""Writes random-generator.json: what NumPy's RandomState draws, for rnnlab/random to equal.

Run with: python test/golden/random-generator.py
"""

import json
import pathlib

import numpy as np

golden = {"numpy": np.__version__, "cases": []}
for seed in (0, 7, 2**32 - 1):
    case = {"seed": seed}
    case["bits"] = np.random.RandomState(seed).randint(0, 2**32, size=5, dtype=np.uint64).tolist()
    state = np.random.RandomState(seed)
    # 700 draws pass the end of the first block of 624 words.
    case["uniform"] = state.uniform(-2, 3, size=700)[-5:].tolist()
    case["normal"] = np.random.RandomState(seed).normal(10, 2.5, size=7).tolist()
    case["integers"] = np.random.RandomState(seed).randint(0, 1000, size=8).tolist()
    case["permutation"] = np.random.RandomState(seed).permutation(12).tolist()
    golden["cases"].append(case)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=2) + "\n")
