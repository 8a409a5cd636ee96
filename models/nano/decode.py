"""The pictures of a folder of drawn streets as one array, kept in `pictures.npy` beside them.

`python decode.py FOLDER...` makes them ahead, so that training has only to read them.
"""

import json
import pathlib
import sys

import numpy as np
from PIL import Image


def pictures_of(folder):
    """[N, H, W, 3] uint8, mapped into memory, in the order of truth.json; and what that tells."""
    folder = pathlib.Path(folder)
    truth = json.loads((folder / "truth.json").read_text())
    cache = folder / "pictures.npy"
    if not cache.exists():
        part = cache.with_suffix(".part")
        shape = (len(truth["images"]), truth["height"], truth["width"], 3)
        pixels = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
        for place, each in zip(pixels, truth["images"]):
            place[:] = Image.open(folder / "images" / each["file"]).convert("RGB")
        pixels.flush()
        part.rename(cache)
    return np.load(cache, mmap_mode="r"), truth


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        pictures_of(folder)
