"""Changes of pictures for training: window, mirror, colour, noise, JPEG, hidden parts."""

import io

import numpy as np
from PIL import Image

from data import targets_of

VISIBLE = 0.35  # of a box that has to lie in the window for it to stay a target


def window(pixels, objects, rng, size):
    """A part of the picture, or all of it in a larger field, stretched to `size` (width, height)."""
    height, width = pixels.shape[:2]
    scale = np.exp(rng.uniform(np.log(0.55), np.log(1.25))) if rng.random() < 0.7 else 1.0
    bend = np.exp(rng.uniform(-0.12, 0.12)) if scale != 1 else 1.0
    wide, high = width * scale * bend, height * scale / bend
    left = rng.uniform(min(0, width - wide), max(0, width - wide))
    top = rng.uniform(min(0, height - high), max(0, height - high))
    inside = [max(0, left), max(0, top), min(width, left + wide), min(height, top + high)]
    place = np.array([left, top, left, top])
    field = np.array([wide, high, wide, high])
    pasted = np.rint((np.array(inside) - place) / field * np.array([*size, *size])).astype(int)
    part = Image.fromarray(pixels).resize(tuple(pasted[2:] - pasted[:2]), Image.BILINEAR, box=inside)
    out = np.empty((size[1], size[0], 3), np.uint8)
    out[:] = rng.integers(0, 256, 3, dtype=np.uint8)
    out[pasted[1] : pasted[3], pasted[0] : pasted[2]] = part
    boxes, classes, partial = objects
    moved = ((boxes * [width, height, width, height] - place) / field).astype(np.float32)
    clipped = moved.clip(0, 1)
    sides, seen_sides = moved[:, 2:] - moved[:, :2], clipped[:, 2:] - clipped[:, :2]
    share = seen_sides.prod(1) / sides.prod(1).clip(1e-9)
    seen = share > 0.01
    return out, (clipped[seen], classes[seen], (partial | (share < VISIBLE))[seen])


def mirrored(pixels, objects):
    boxes, classes, partial = objects
    turned = np.stack([1 - boxes[:, 2], boxes[:, 1], 1 - boxes[:, 0], boxes[:, 3]], 1)
    return pixels[:, ::-1], (turned, classes, partial)


def hide(pixels, rng):
    """Covers a few small places with a colour."""
    height, width = pixels.shape[:2]
    for _ in range(rng.integers(1, 5)):
        wide, high = rng.integers(4, width // 9), rng.integers(4, height // 5)
        x, y = rng.integers(0, width - wide), rng.integers(0, height - high)
        pixels[y : y + high, x : x + wide] = rng.integers(0, 256, 3, dtype=np.uint8)


def coded(pixels, rng):
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "jpeg", quality=int(rng.integers(25, 80)))
    return np.array(Image.open(data))


def coloured(pixels, rng):
    """Other brightness, contrast, saturation and hue; seldom grey or noisy. Float 0..1 out, planes first."""
    x = pixels.transpose(2, 0, 1).astype(np.float32) / 255
    saturation = 0.0 if rng.random() < 0.04 else rng.uniform(0.6, 1.4)
    x = x * np.float32(saturation) + x.mean(0, keepdims=True) * np.float32(1 - saturation)
    gain = rng.uniform(0.7, 1.3) * rng.uniform(0.9, 1.1, (3, 1, 1))
    x = (x - 0.5) * gain.astype(np.float32) + np.float32(0.5 + rng.uniform(-0.12, 0.12))
    if rng.random() < 0.12:
        x += rng.standard_normal(x.shape, np.float32) * np.float32(rng.uniform(0.01, 0.05))
    return x.clip(0, 1)


def changed(pixels, objects, rng, size):
    """One picture for training: [3, H, W] float32 and its targets."""
    pixels, objects = window(pixels, objects, rng, size)
    if rng.random() < 0.5:
        pixels, objects = mirrored(pixels, objects)
    pixels = np.ascontiguousarray(pixels)
    if rng.random() < 0.2:
        hide(pixels, rng)
    if rng.random() < 0.15:
        pixels = coded(pixels, rng)
    if rng.random() < 0.8:
        x = coloured(pixels, rng)
    else:
        x = pixels.transpose(2, 0, 1).astype(np.float32) / 255
    return x, targets_of(*objects, size)


def plain(pixels, size):
    """The whole picture as the detector makes it: [3, H, W] float32."""
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.BILINEAR))
    return small.transpose(2, 0, 1).astype(np.float32) / 255
