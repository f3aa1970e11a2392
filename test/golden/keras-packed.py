"""Packs the numbers of keras-models/*.h5 as h5repack and h5py do: keras-packed/*.h5, with gzip, shuffled and not.

Run with: python test/golden/keras-packed.py, in an environment with h5py 3.16
"""

import pathlib

import h5py

SOURCE = pathlib.Path(__file__).with_name("keras-models")
FOLDER = pathlib.Path(__file__).with_suffix("")


def pack(source, target, **options):
    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            pack(item, target.create_group(name), **options)
        elif item.shape:
            target.create_dataset(name, data=item[()], chunks=True, **options).attrs.update(item.attrs)
        else:
            target.create_dataset(name, data=item[()])


FOLDER.mkdir(exist_ok=True)
for name, options in {
    "reviews.h5": {"compression": "gzip", "compression_opts": 9, "shuffle": True, "fletcher32": True},
    "electricity.weights.h5": {"compression": "gzip"},
}.items():
    with h5py.File(SOURCE / name) as source, h5py.File(FOLDER / name, "w") as target:
        pack(source, target, **options)
