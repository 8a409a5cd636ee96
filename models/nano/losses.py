"""Losses of the decoder: one query to one target, as RT-DETR has it.

Sources: RT-DETR (arXiv 2304.08069) and its matching in `transformers`; varifocal loss (arXiv 2008.13367).
"""

import torch
import torch.nn.functional as F
from torchvision.ops import generalized_box_iou_loss

from boxes import corners, counted, iou

L1, GIOU = 5.0, 2.0
ALPHA, GAMMA = 0.75, 2.0  # of the varifocal loss, for what is no target


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


def matched_loss(logits, boxes, targets, indices):
    """Of queries; `indices`: per image the queries that have a target, and the number of that target. Summed."""
    image = torch.cat([torch.full_like(query, i) for i, (query, _) in enumerate(indices)])
    query = torch.cat([query for query, _ in indices])
    wanted = torch.cat([each["boxes"][which] for each, (_, which) in zip(targets, indices)])
    classes = torch.cat([each["class_labels"][which] for each, (_, which) in zip(targets, indices)])
    found = boxes[image, query]
    quality = torch.zeros_like(logits)
    quality[image, query, classes] = iou(corners(found.detach()), corners(wanted)).clamp(0.01)
    counts = counted(corners(boxes.detach()), targets)
    counts[image, query] = 1
    return varifocal(logits, quality, counts) + box_loss(found, wanted, torch.ones_like(found[:, 0]))


def decoder_loss(found, targets, matcher):
    """Every layer's queries, matched, and the denoising ones, whose targets are known; per target."""
    count = max(1, sum(len(each["boxes"]) for each in targets))
    total = 0
    for logits, boxes in found["layers"]:
        indices = matcher({"logits": logits, "pred_boxes": boxes}, targets)
        total = total + matched_loss(logits, boxes, targets, indices) / count
    if "denoising" in found:
        groups, positive = found["denoising_meta"]["dn_num_group"], found["denoising_meta"]["dn_positive_idx"]
        known = [torch.arange(len(each["boxes"]), device=each["boxes"].device).tile(groups) for each in targets]
        indices = list(zip(positive, known))
        for logits, boxes in found["denoising"]:
            total = total + matched_loss(logits, boxes, targets, indices) / (count * groups)
    return total
