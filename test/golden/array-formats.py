"""Writes array-formats.json: arrays as NumPy and Python write them, in base64, with their values.

Run with: python test/golden/array-formats.py
"""

import base64
import io
import json
import pathlib
import pickle
import platform

import numpy as np


def text(content):
    return base64.b64encode(content).decode()


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def plain(value):
    """JSON has no infinities and no NaN."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


numbers = []


def add(dtype, values, shape=None, order="C", version=None):
    array = np.array(values).astype(dtype)
    if shape is not None:
        array = array.reshape(shape)
    array = np.asarray(array, order=order)
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    numbers.append(
        {
            "dtype": array.dtype.name,
            "descr": dtype,
            "order": order,
            "shape": list(array.shape),
            "values": plain(array.ravel(order="C").tolist()),
            "file": text(buffer.getvalue()),
        }
    )


add("?", [True, False, True])
for width in (1, 2, 4, 8):
    for order in "<>":
        limits = np.iinfo(f"i{width}")
        safe = 2**53 - 1
        add(f"{order}i{width}", [max(limits.min, -safe), -2, 0, 3, min(limits.max, safe)])
        unsigned = np.iinfo(f"u{width}")
        add(f"{order}u{width}", [0, 3, min(unsigned.max, safe)])
for order in "<>":
    half = [0, -0.0, 1.5, -65504, 6e-8, 6.1e-5, 0.333251953125, np.inf, -np.inf, np.nan]
    add(f"{order}f2", half)
    add(f"{order}f4", [0, 1.5, -3.25, 1e-40, 3e38, np.inf])
    add(f"{order}f8", [0, 1.5, np.pi, -1e300, 5e-324, np.nan])
add("<f4", range(24), shape=(2, 3, 4), order="F")
add(">i2", range(6), shape=(2, 3), order="F")
add("<i4", range(5), shape=(5,), order="F")
add("<f8", [7], shape=())
add("<f8", [], shape=(0, 3))
add("<i4", range(4), version=(2, 0))
add("<i4", range(4), version=(3, 0))

shared = [1, 2]
values = [
    [1, 255, 256, 65535, 65536, -1, 2**31, -(2**40)],
    [],
    "é \U0001f600\n",
    shared,
    shared,
    (1.5, "x"),
    None,
    True,
    (3,),
    b"\x00\xff",
]
objects = np.empty(len(values), dtype=object)
objects[:] = values
expected = [
    [1, 255, 256, 65535, 65536, -1, 2**31, -(2**40)],
    [],
    "é \U0001f600\n",
    [1, 2],
    [1, 2],
    [1.5, "x"],
    None,
    True,
    [3],
    {"bytes": [0, 255]},
]
header = npy(objects, allow_pickle=True)
header = header[: header.index(b"\n") + 1]

nested = np.empty(2, dtype=object)
nested[:] = [np.array([1, 2, 3], dtype="<i2"), np.float64(2.5)]
long = np.empty(1, dtype=object)
long[0] = list(range(2500))

golden = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__},
    "numbers": numbers,
    "objects": {
        "expected": expected,
        "files": {str(protocol): text(header + pickle.dumps(objects, protocol)) for protocol in range(6)},
    },
    "nested": {
        str(protocol): text(npy(nested)[:128] + pickle.dumps(nested, protocol)) for protocol in range(5)
    },
    "long": text(npy(long)),
    "unsafe": text(npy(np.array([1, 2**53]))),
    "refused": {
        name: text(npy(array))
        for name, array in {
            "complex128": np.array([1j]),
            "str": np.array(["abc"]),
            "bytes": np.array([b"abc"]),
            "datetime": np.array(["2020-01-01"], dtype="datetime64[D]"),
            "record": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
            "longdouble": np.array([1], dtype=np.longdouble),
        }.items()
    },
}


def archive(write, **arrays):
    buffer = io.BytesIO()
    write(buffer, **arrays)
    return text(buffer.getvalue())


arrays = {"numbers": np.arange(100, dtype="<i4"), "objects": objects}
golden["archives"] = {
    "stored": archive(np.savez, **arrays),
    "deflated": archive(np.savez_compressed, **arrays),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
print(path.stat().st_size, len(numbers))
