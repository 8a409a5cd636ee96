"""Drawn streets with their boxes, as `models/dist/src/street/main.js stills` writes them, and batches of them."""

import pathlib

import numpy as np
import torch

from augment import boxes_in, coloured, cut, filled, hidden, windows
from decode import pictures_of

SMALLEST = 3.0  # pixels of the input, each way; anything smaller is no target


def read_objects(objects, width, height):
    boxes = np.array([each["bbox"] for each in objects], np.float32).reshape(-1, 4)
    boxes /= np.array([width, height, width, height], np.float32)
    classes = np.array([each["class_id"] for each in objects], np.int64)
    return boxes, classes, np.array([bool(each.get("partial")) for each in objects], bool)


class Pictures:
    """Decoded pictures of one size on a device, `room` of them at most, and their objects: boxes [G, 4] xyxy 0..1, classes
    [G], partial [G].

    A folder holds `truth.json` and its pictures. With `room`, folders not there yet are looked for by `grow`, which takes in
    what `decode.py` has made since.
    """

    def __init__(self, patterns, device="cpu", room=None):
        # Of folders still being made only those decoded already: training is not to wait for them.
        self.mark = "truth.json" if room is None else "pictures.npy"
        self.patterns, self.device, self.room = patterns, device, room
        self.read, self.pixels, self.objects = set(), None, []
        self.grow()

    def __len__(self):
        return len(self.objects)

    def grow(self):
        for pattern in self.patterns:
            pattern = pathlib.Path(pattern)
            for path in sorted(pattern.parent.glob(pattern.name)):
                if path not in self.read and (path / self.mark).exists():
                    self.read.add(path)
                    self.take(path)

    def take(self, path):
        pixels, truth = pictures_of(path)
        count = len(pixels) if self.room is None else min(len(pixels), self.room - len(self))
        if self.room is None:
            more = torch.from_numpy(pixels.copy()).to(self.device)
            self.pixels = more if self.pixels is None else torch.cat([self.pixels, more])
        else:
            if self.pixels is None:
                self.pixels = torch.empty((self.room, *pixels.shape[1:]), dtype=torch.uint8, device=self.device)
            self.pixels[len(self) : len(self) + count] = torch.from_numpy(pixels[:count].copy()).to(self.device)
        size = truth["width"], truth["height"]
        self.objects += [read_objects(each["objects"], *size) for each in truth["images"][:count]]

    def batch(self, indices, rng, size):
        """Changed pictures [N, 3, H, W] float32 and their targets."""
        count = len(indices)
        window, mirrored, blurred = windows(rng, count), rng.random(count) < 0.5, rng.random(count) < 0.5
        images, inside = cut(self.pixels[torch.as_tensor(indices, device=self.device)], window, mirrored, blurred, size)
        images = coloured(hidden(filled(images, ~inside, rng), rng), rng)
        moved = [boxes_in(window[i], mirrored[i], *self.objects[index]) for i, index in enumerate(indices)]
        return images, on_device([targets_of(*each, size) for each in moved], self.device)


def targets_of(boxes, classes, partial, size):
    """`boxes` xyxy 0..1 as the losses take them: centre and size; what is too small or partial is to be ignored."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T * np.array(size, np.float32)[:, None]
    ignored = partial | (wide < SMALLEST) | (high < SMALLEST)
    centred = np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], 1)
    return {"boxes": centred[~ignored], "class_labels": classes[~ignored], "ignored": boxes[ignored]}


def on_device(targets, device):
    """The same as tensors, moved in one piece for each key."""
    moved = {}
    for key in targets[0]:
        whole = torch.from_numpy(np.concatenate([each[key] for each in targets])).to(device)
        moved[key] = whole.split([len(each[key]) for each in targets])
    return [dict(zip(moved, each)) for each in zip(*moved.values())]


def places(count, seed, step, batch):
    """The pictures of a step: each once in an epoch, in an order of its own."""
    epoch, within = divmod(step, max(1, count // batch))
    order = np.random.default_rng([seed, epoch]).permutation(count)
    return order[within * batch : (within + 1) * batch]
