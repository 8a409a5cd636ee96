"""Boxes of a batch: `[..., 4]`, 0..1, as centre and size where the network gives them, else xyxy."""

import torch
import torch.nn.functional as F
from torchvision.ops import box_convert


def corners(boxes):
    """Centre and size to xyxy."""
    return box_convert(boxes, "cxcywh", "xyxy")


def area(boxes):
    return (boxes[..., 2:] - boxes[..., :2]).clamp(0).prod(-1)


def shared_area(a, b):
    """Of xyxy boxes that broadcast."""
    return (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(0).prod(-1)


def iou(a, b):
    """Of xyxy boxes that broadcast."""
    shared = shared_area(a, b)
    return shared / (area(a) + area(b) - shared + 1e-9)


def padded(targets, key):
    """The targets' `key` as one tensor [N, largest, ...]; rows past the end are 0."""
    rows = [each[key] for each in targets]
    most = max(1, *(len(each) for each in rows))
    return torch.stack([F.pad(each, [0, 0] * (each.ndim - 1) + [0, most - len(each)]) for each in rows])


def counted(boxes, targets):
    """1.0 for each of `boxes` [N, Q, 4] (xyxy), 0.0 for those that lie mostly in a region to be ignored."""
    ignored = padded(targets, "ignored")
    covered = shared_area(boxes[:, :, None], ignored[:, None]).amax(-1)
    return (covered < 0.5 * area(boxes)).float()
