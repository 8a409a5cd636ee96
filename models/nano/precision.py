"""Average precision as COCO counts it: 101 points of recall, IoU 0.5 to 0.95, at most 100 detections of a picture."""

import numpy as np

THRESHOLDS = np.arange(0.5, 1.0, 0.05)
RECALLS = np.linspace(0, 1, 101)


def overlaps(a, b):
    """Shared area of xyxy boxes [N, 4], [M, 4]; and the areas."""
    shared = (np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])).clip(0).prod(-1)
    return shared, (a[:, 2:] - a[:, :2]).prod(1), (b[:, 2:] - b[:, :2]).prod(1)


def match(found, wanted, ignored):
    """Detections (best first) of one picture and class to objects, per threshold.

    Gives [thresholds, found]: 1 hit, 0 wrong, -1 not counted, as it lies for the most part on what is to be ignored or
    has the IoU with it.
    """
    shared, area, area_wanted = overlaps(found, wanted)
    iou = shared / (area[:, None] + area_wanted[None] - shared + 1e-9)
    shared, _, area_ignored = overlaps(found, ignored)
    over = np.maximum(shared / (area[:, None] + 1e-9), shared / (area[:, None] + area_ignored[None] - shared + 1e-9))
    over = over.max(1, initial=0)
    state = np.zeros((len(THRESHOLDS), len(found)), np.int8)
    for t, threshold in enumerate(THRESHOLDS):
        free = np.ones(len(wanted), bool)
        for i in range(len(found)):
            fits = np.where(free, iou[i], 0)
            best = fits.argmax() if len(fits) else -1
            if best >= 0 and fits[best] >= threshold:
                free[best], state[t, i] = False, 1
            elif over[i] >= 0.5:
                state[t, i] = -1
    return state


def average_precision(scores, states, count):
    """Per threshold; scores [D], states [thresholds, D], `count` objects."""
    order = np.argsort(-scores, kind="stable")
    result = []
    for state in states[:, order]:
        kept = state[state >= 0]
        hits = np.cumsum(kept)
        precision = np.maximum.accumulate((hits / np.arange(1, len(kept) + 1))[::-1])[::-1]
        at = np.searchsorted(hits / count, RECALLS, side="left")
        result.append(np.append(precision, 0)[np.minimum(at, len(precision))].mean())
    return np.array(result)


def measure(detections, truths, classes):
    """AP of each class and threshold [C, 10] (NaN where a class has no object) and objects of each class.

    detections: per picture boxes [D, 4], classes [D], scores [D]; truths: boxes [G, 4], classes [G], partial [G].
    """
    table, counts = np.full((classes, len(THRESHOLDS)), np.nan), np.zeros(classes, int)
    for label in range(classes):
        scores, states = [], []
        for (boxes, labels, score), (wanted, kinds, partial) in zip(detections, truths):
            mine = np.flatnonzero(labels == label)
            mine = mine[np.argsort(-score[mine], kind="stable")][:100]
            whole = (kinds == label) & ~partial
            counts[label] += whole.sum()
            scores.append(score[mine])
            states.append(match(boxes[mine], wanted[whole], wanted[partial]))
        if counts[label]:
            table[label] = average_precision(np.concatenate(scores), np.concatenate(states, 1), counts[label])
    return table, counts
