"""Measures a model on folders of drawn streets: AP of each class, and over all.

`python evaluate.py model.onnx FOLDER...`; also a checkpoint of train.py (`last.pt`), whose average is measured.
"""

import argparse

import numpy as np
import torch
from torchvision.ops import batched_nms

from augment import plain
from boxes import corners
from data import Pictures
from model import HEIGHT, LABELS, WIDTH, Nano
from precision import measure

BATCH = 25
TOP = 100  # detections of a picture


@torch.inference_mode()
def detect_all(net, pictures, count, decode=True, size=(WIDTH, HEIGHT)):
    """Per picture boxes, classes and scores. Without `decode`: of the encoder's heads, less what overlaps."""
    net.eval()
    found = []
    for images in batches(pictures, count, size):
        out = net(images, decode=decode)
        logits, boxes = out["layers"][-1] if decode else out["dense"]
        scores, index = logits.sigmoid().flatten(1).topk(TOP)
        query = index // len(LABELS)
        boxes = corners(boxes).gather(1, query.unsqueeze(-1).expand(-1, -1, 4))
        for score, label, box in zip(scores.cpu(), (index - query * len(LABELS)).cpu(), boxes.cpu()):
            if not decode:
                kept = batched_nms(box, score, label, 0.6)
                box, label, score = box[kept], label[kept], score[kept]
            found.append((box.numpy(), label.numpy(), score.numpy()))
    return found


def batches(pictures, count, size=(WIDTH, HEIGHT)):
    count = min(count, len(pictures))
    for first in range(0, count, BATCH):
        yield plain(pictures.pixels[first : min(first + BATCH, count)], size)


def open_session(path, threads):
    import onnxruntime  # not needed to train

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def detect_all_onnx(path, pictures, count, threads):
    """The same of an exported model; boxes 0..1."""
    session, found = open_session(path, threads), []
    for images in batches(pictures, count):
        sizes = np.ones((len(images), 2), np.int64)
        labels, boxes, scores = session.run(None, {"images": images.numpy(), "orig_target_sizes": sizes})
        found += list(zip(boxes, labels, scores))
    return found


def summary(pictures, found, count):
    """mAP50, mAP50-95, AP50 and AP50-95 of each class, rounded."""
    truths = pictures.objects[:count]
    table, counts = measure(found, truths, len(LABELS))
    figures = {"pictures": len(truths), "objects": int(counts.sum())}
    figures |= {"mAP50": np.nanmean(table[:, 0]), "mAP50-95": np.nanmean(table)}
    for i, label in enumerate(LABELS):
        figures[label] = (round(float(table[i, 0]), 3), round(float(table[i].mean()), 3), int(counts[i]))
    return {key: round(float(value), 4) if isinstance(value, float) else value for key, value in figures.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--count", type=int, default=10**9, help="pictures at most")
    parser.add_argument("--size", type=int, nargs=2, default=(WIDTH, HEIGHT), help="pixels, of a checkpoint's input")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    pictures = Pictures(chosen.folders)
    if chosen.model.endswith(".onnx"):
        found = detect_all_onnx(chosen.model, pictures, chosen.count, chosen.threads)
    else:
        net = Nano()
        net.load_state_dict(torch.load(chosen.model, map_location="cpu")["average"])
        found = detect_all(net, pictures, chosen.count, size=tuple(chosen.size))
    figures = summary(pictures, found, chosen.count)
    print("| class | objects | AP50 | AP50-95 |\n|---|---|---|---|")
    for label in LABELS:
        at50, over, count = figures[label]
        print(f"| {label} | {count} | {at50:.3f} | {over:.3f} |")
    count, objects, at50, over = (figures[key] for key in ("pictures", "objects", "mAP50", "mAP50-95"))
    print(f"| all, {count} pictures | {objects} | {at50:.3f} | {over:.3f} |")


if __name__ == "__main__":
    main()
