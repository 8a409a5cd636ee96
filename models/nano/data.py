"""Drawn streets with their boxes, as `models/dist/src/street/main.js stills` writes them.

A folder holds `truth.json` and its pictures; they are decoded once into `pictures.npy` beside it.
"""

import json
import pathlib

import numpy as np
from PIL import Image

SMALLEST = 3.0  # pixels of the input, each way; anything smaller is no target


class Folder:
    """`pixels` [N, H, W, 3] uint8, `objects` per picture: boxes [G, 4] xyxy 0..1, classes [G], partial [G]."""

    def __init__(self, path):
        path = pathlib.Path(path)
        truth = json.loads((path / "truth.json").read_text())
        width, height, images = truth["width"], truth["height"], truth["images"]
        self.labels, self.size, self.path = truth["labels"], (width, height), path
        self.files = [path / "images" / each["file"] for each in images]
        cache = path / "pictures.npy"
        shape = (len(images), height, width, 3)
        if not cache.exists():
            part = cache.with_suffix(".part")
            pixels = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
            for i, file in enumerate(self.files):
                pixels[i] = Image.open(file).convert("RGB")
            pixels.flush()
            part.rename(cache)
        self.pixels = np.load(cache, mmap_mode="r")
        assert self.pixels.shape == shape, f"{cache} has {self.pixels.shape}, truth.json tells {shape}"
        self.objects = [read_objects(each["objects"], width, height) for each in images]

    def __len__(self):
        return len(self.objects)


def read_objects(objects, width, height):
    boxes = np.array([each["bbox"] for each in objects], np.float32).reshape(-1, 4)
    boxes /= np.array([width, height, width, height], np.float32)
    classes = np.array([each["class_id"] for each in objects], np.int64)
    return boxes, classes, np.array([bool(each.get("partial")) for each in objects], bool)


class Pictures:
    """Folders as one."""

    def __init__(self, paths):
        self.folders = [Folder(each) for each in paths]
        self.places = [(folder, i) for folder in self.folders for i in range(len(folder))]

    def __len__(self):
        return len(self.places)

    def __getitem__(self, index):
        """Pixels [H, W, 3] uint8 and objects."""
        folder, i = self.places[index]
        return folder.pixels[i], folder.objects[i]


def order(count, seed, epoch):
    """The order in which an epoch takes the pictures."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def targets_of(boxes, classes, partial, size):
    """`boxes` xyxy 0..1 as the losses take them: centre and size; what is too small or partial is to be ignored."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T * np.array(size, np.float32)[:, None]
    ignored = partial | (wide < SMALLEST) | (high < SMALLEST)
    centred = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], 1)
    return {"boxes": centred[~ignored], "class_labels": classes[~ignored], "ignored": boxes[ignored]}
