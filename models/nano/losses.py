"""Losses of the decoder: one query to one target, as RT-DETR has it.

Sources: RT-DETR (arXiv 2304.08069), whose weights of class, L1 and GIoU the matching has; varifocal loss (arXiv
2008.13367).
"""

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torchvision.ops import generalized_box_iou_loss

from boxes import area, corners, counted, iou, padded

L1, GIOU = 5.0, 2.0
ALPHA, GAMMA = 0.75, 2.0  # of the varifocal loss, for what is no target
CLASS_COST, FOCAL_ALPHA, FOCAL_GAMMA = 2.0, 0.25, 2.0  # of the matching


def varifocal(logits, quality, counts):
    """Sum over all; `quality` [..., C]: the score to reach, 0 where there is no target; `counts` [...]: 0 to ignore."""
    score = logits.detach().sigmoid()
    weight = torch.where(quality > 0, quality, ALPHA * score**GAMMA) * counts.unsqueeze(-1)
    return F.binary_cross_entropy_with_logits(logits, quality, weight, reduction="sum")


def box_loss(found, wanted, weight):
    """L1 and GIoU of [M, 4], centre and size, summed with `weight` [M]."""
    l1 = F.l1_loss(found, wanted, reduction="none").sum(-1)
    giou = generalized_box_iou_loss(corners(found), corners(wanted))
    return ((L1 * l1 + GIOU * giou) * weight).sum()


@torch.no_grad()
def match(layers, targets):
    """Pairs for each of `layers` (logits [N, Q, C], boxes [N, Q, 4]): numbers of picture, query and target, [M] each.

    Targets are numbered through the batch. Least total cost within each picture.
    """
    sizes = [len(each["boxes"]) for each in targets]
    first = np.cumsum([0, *sizes])
    wanted, classes = padded(targets, "boxes"), padded(targets, "class_labels")
    costs = torch.stack([cost(*layer, wanted, classes) for layer in layers]).cpu().numpy()
    found = []
    for layer in costs:
        pairs = [linear_sum_assignment(each[:, :size]) for each, size in zip(layer, sizes)]
        image = np.repeat(np.arange(len(sizes)), [len(query) for query, _ in pairs])
        query = np.concatenate([query for query, _ in pairs])
        target = np.concatenate([target + first[i] for i, (_, target) in enumerate(pairs)])
        found.append(torch.from_numpy(np.stack([image, query, target])).to(wanted.device))
    return found


def cost(logits, boxes, wanted, classes):
    """[N, Q, G]."""
    score = logits.sigmoid().gather(2, classes[:, None].expand(-1, logits.shape[1], -1))
    there = FOCAL_ALPHA * (1 - score) ** FOCAL_GAMMA * -(score + 1e-8).log()
    absent = (1 - FOCAL_ALPHA) * score**FOCAL_GAMMA * -(1 - score + 1e-8).log()
    l1 = (boxes[:, :, None] - wanted[:, None]).abs().sum(-1)
    a, b = corners(boxes)[:, :, None], corners(wanted)[:, None]
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    overlap = iou(a, b)
    union = (area(a) + area(b)) / (1 + overlap)
    giou = overlap - (around - union) / (around + 1e-9)
    return CLASS_COST * (there - absent) + L1 * l1 - GIOU * giou


def matched_loss(logits, boxes, targets, pairs):
    """Of queries; `pairs` [3, M] as `match` gives them. Summed."""
    image, query, target = pairs
    wanted = torch.cat([each["boxes"] for each in targets])[target]
    classes = torch.cat([each["class_labels"] for each in targets])[target]
    found = boxes[image, query]
    quality = torch.zeros_like(logits)
    quality[image, query, classes] = iou(corners(found.detach()), corners(wanted)).clamp(0.01)
    counts = counted(corners(boxes.detach()), targets)
    counts[image, query] = 1
    return varifocal(logits, quality, counts) + box_loss(found, wanted, torch.ones_like(found[:, 0]))


def decoder_loss(found, targets):
    """Every layer's queries, matched, and the denoising ones, whose targets are known; per target."""
    count = max(1, sum(len(each["boxes"]) for each in targets))
    total = 0
    for (logits, boxes), pairs in zip(found["layers"], match(found["layers"], targets)):
        total = total + matched_loss(logits, boxes, targets, pairs) / count
    if "denoising" in found:
        pairs, groups = known_pairs(found["denoising_meta"], targets)
        for logits, boxes in found["denoising"]:
            total = total + matched_loss(logits, boxes, targets, pairs) / (count * groups)
    return total


def known_pairs(meta, targets):
    """The denoising queries made of targets, each with its own, as pairs; and how often each target has one."""
    groups, sizes = meta["dn_num_group"], [len(each["boxes"]) for each in targets]
    device, first = targets[0]["boxes"].device, np.cumsum([0, *sizes])
    image = np.repeat(np.arange(len(sizes)), np.array(sizes) * groups)
    target = np.concatenate([np.tile(np.arange(size), groups) + first[i] for i, size in enumerate(sizes)])
    rows = torch.from_numpy(np.stack([image, target])).to(device)
    return torch.stack([rows[0], torch.cat(list(meta["dn_positive_idx"])), rows[1]]), groups
