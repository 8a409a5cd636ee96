"""Changes of pictures for training, a batch at once: window, mirror, blur, colour, noise, hidden parts.

Boxes are worked on with numpy, pixels on the device. Every number is drawn from one generator, so that a step of a seed
changes its pictures in the same way each time.
"""

import numpy as np
import torch
import torch.nn.functional as F

VISIBLE = 0.35  # of a box that has to lie in the window for it to stay a target
PATCHES = 4  # most hidden places of a picture


def windows(rng, count):
    """Left, top, width and height of what is looked at, in sizes of the picture, [N, 4]; a quarter is the picture as it is."""
    scale = np.exp(rng.uniform(np.log(0.5), np.log(1.3), count))
    bend = np.exp(rng.uniform(-0.12, 0.12, count))
    whole = rng.random(count) < 0.25
    sides = np.where(whole[:, None], 1.0, np.stack([scale * bend, scale / bend], 1))
    room = 1 - sides
    places = rng.uniform(np.minimum(0, room), np.maximum(0, room))
    return np.concatenate([places, sides], 1)


def boxes_in(window, mirrored, boxes, classes, partial):
    """One picture's boxes (xyxy 0..1) in its window: what lies in it, and whether it counts only in part."""
    moved = (boxes - np.tile(window[:2], 2)) / np.tile(window[2:], 2)
    if mirrored:
        moved = np.stack([1 - moved[:, 2], moved[:, 1], 1 - moved[:, 0], moved[:, 3]], 1)
    clipped = moved.clip(0, 1).astype(np.float32)
    sides, seen_sides = moved[:, 2:] - moved[:, :2], clipped[:, 2:] - clipped[:, :2]
    share = seen_sides.prod(1) / sides.prod(1).clip(1e-9)
    seen = share > 0.01
    return clipped[seen], classes[seen], (partial | (share < VISIBLE))[seen]


def cut(pixels, window, mirrored, blurred, size):
    """Windows of `pixels` [N, H, W, 3] uint8 as [N, 3, height, width], 0..1; what lies outside is 0.

    Every output pixel is between its four nearest, as the detector stretches; `blurred` pictures are smoothed before, as
    one that was scaled down already.
    """
    device = pixels.device
    images = pixels.permute(0, 3, 1, 2).float() / 255
    smooth = F.avg_pool2d(F.pad(images, (0, 1, 0, 1), mode="replicate"), 2, 1)
    images = torch.where(torch.as_tensor(blurred, device=device)[:, None, None, None], smooth, images)
    left, top, wide, high = window.T
    turn = np.where(mirrored, -1.0, 1.0)
    theta = np.zeros((len(window), 2, 3), np.float32)
    theta[:, 0, 0], theta[:, 0, 2] = wide * turn, 2 * left + wide - 1
    theta[:, 1, 1], theta[:, 1, 2] = high, 2 * top + high - 1
    grid = F.affine_grid(torch.as_tensor(theta, device=device), (len(window), 3, size[1], size[0]), align_corners=False)
    inside = (grid.abs() <= 1).all(-1)[:, None]
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False), inside


def patches(rng, count, size):
    """Corners [N, PATCHES, 4] of places to hide, in pixels; most pictures have none."""
    many = np.where(rng.random(count) < 0.2, rng.integers(1, PATCHES + 1, count), 0)
    sides = rng.uniform(4, [size[0] / 9, size[1] / 5], (count, PATCHES, 2))
    places = rng.uniform(0, 1, (count, PATCHES, 2)) * (np.array(size) - sides)
    sides[np.arange(PATCHES)[None] >= many[:, None]] = 0
    return np.concatenate([places, places + sides], 2)


def filled(images, where, rng):
    """A colour of its own for each picture at the places [N, 1, H, W]."""
    colours = torch.as_tensor(rng.random((len(images), 3, 1, 1)), dtype=images.dtype, device=images.device)
    return torch.where(where, colours, images)


def hidden(images, rng):
    height, width = images.shape[2:]
    corners = torch.as_tensor(patches(rng, len(images), (width, height)), device=images.device)
    x = torch.arange(width, device=images.device)
    y = torch.arange(height, device=images.device)[:, None]
    for left, top, right, bottom in corners.permute(1, 2, 0)[..., None, None]:
        images = filled(images, ((x >= left) & (x < right) & (y >= top) & (y < bottom))[:, None], rng)
    return images


def coloured(images, rng):
    """Other brightness, contrast, saturation and hue; seldom grey or noisy; a fifth is left as it is."""
    count, device = len(images), images.device
    as_it_is = rng.random(count) < 0.2
    saturation = np.where(rng.random(count) < 0.04, 0, rng.uniform(0.6, 1.4, count))
    gain = rng.uniform(0.7, 1.3, (count, 1)) * rng.uniform(0.9, 1.1, (count, 3))
    lift = rng.uniform(-0.12, 0.12, count)
    noise = np.where(rng.random(count) < 0.12, rng.uniform(0.01, 0.05, count), 0)
    columns = [np.where(as_it_is, still, each) for still, each in ((1, saturation), (0, lift), (0, noise))]
    gain = np.where(as_it_is[:, None], 1, gain)
    saturation, lift, noise, gain = (
        torch.as_tensor(each, dtype=images.dtype, device=device).reshape(count, -1, 1, 1) for each in (*columns, gain)
    )
    images = images * saturation + images.mean(1, keepdim=True) * (1 - saturation)
    images = (images - 0.5) * gain + 0.5 + lift
    return (images + torch.randn_like(images) * noise).clamp(0, 1)


def plain(pixels, size):
    """Whole pictures [N, H, W, 3] uint8 as the detector makes them, [N, 3, height, width], 0..1."""
    images = pixels.permute(0, 3, 1, 2).float() / 255
    return F.interpolate(images, (size[1], size[0]), mode="bilinear", align_corners=False)
