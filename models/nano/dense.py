"""Loss of the encoder's heads at every anchor: many anchors to one target.

One to one alone teaches a backbone slowly; so the heads that choose the queries learn as a YOLO does, before and beside
the decoder, as DEIM (arXiv 2412.04234) and RT-DETRv3 (arXiv 2409.08475) argue for. The assignment is TOOD's (arXiv
2108.07755): by score and IoU.
"""

import torch
import torch.nn.functional as F

from boxes import corners, counted, iou, padded
from losses import box_loss, varifocal


@torch.no_grad()
def assign(logits, boxes, anchors, wanted, classes, most):
    """The best `most` anchors for each target, of those whose middle lies in it, or the nearest to it.

    logits [N, A, C], boxes [N, A, 4], anchors [A, 4], wanted [N, G, 4] (0 where there is none), classes [N, G]. Gives
    for each anchor [N, A] the number of its target, whether it has one, and the score that it should reach.
    """
    overlap = iou(corners(wanted)[:, :, None], corners(boxes)[:, None])  # N, G, A
    score = logits.sigmoid().gather(2, classes[:, None].expand(-1, logits.shape[1], -1)).transpose(1, 2)
    apart = (anchors[None, None, :, :2] - wanted[:, :, None, :2]).abs() / wanted[:, :, None, 2:].clamp(1e-6)
    apart = apart.amax(-1)
    nearest = torch.zeros_like(apart, dtype=torch.bool).scatter(2, apart.topk(3, largest=False).indices, True)
    may = ((apart < 0.5) | nearest) & (wanted[..., 2:3] > 0)
    fit = torch.where(may, score.sqrt() * overlap**4 + 1e-9, torch.full_like(overlap, -1))
    chosen = torch.zeros_like(may).scatter(2, fit.topk(most).indices, True) & may
    # An anchor that several targets chose takes the one that it overlaps most.
    target = torch.where(chosen, overlap, torch.full_like(overlap, -1)).argmax(1)
    chosen &= torch.zeros_like(chosen).scatter(1, target[:, None], True)
    fit, reached = fit * chosen, (overlap * chosen).amax(-1, keepdim=True)
    quality = (fit / (fit.amax(-1, keepdim=True) + 1e-12) * reached).amax(1)
    return target, chosen.any(1), quality


def dense_loss(found, targets, most=9):
    """Varifocal loss of all anchors, box losses of those with a target; per target quality."""
    (logits, boxes), anchors = found["dense"], found["anchors"]
    wanted, classes = padded(targets, "boxes"), padded(targets, "class_labels")
    target, has, quality = assign(logits, boxes, anchors, wanted, classes, most)
    quality = torch.where(has, quality.clamp(0.05), torch.zeros_like(quality))  # lets boxes of no overlap learn too
    score = F.one_hot(classes.gather(1, target), logits.shape[-1]) * quality.unsqueeze(-1)
    spots = corners(torch.cat([anchors[:, :2], torch.full_like(anchors[:, :2], 1e-4)], 1))
    counts = counted(spots.expand(len(logits), -1, -1), targets).maximum(has.float())
    wanted = wanted.gather(1, target.unsqueeze(-1).expand(-1, -1, 4))
    total = varifocal(logits, score, counts) + box_loss(boxes[has], wanted[has], quality[has])
    return total / quality.sum().clamp(1)
