"""Writes the average of a checkpoint as model.onnx, in the style of the RT-DETR authors' export.

Inputs `images` [N, 3, HEIGHT, WIDTH] float32 RGB 0..1 and `orig_target_sizes` [N, 2] int64 width and height; outputs
`labels` [N, K] int64, `boxes` [N, K, 4] xyxy in pixels of that size, `scores` [N, K]. Checks onnxruntime's outputs
against PyTorch's, and prints how long a run takes.

`python export.py last.pt model.onnx`
"""

import argparse
import hashlib
import io
import json
import os
import pathlib
import statistics
import time

import numpy as np
import onnx
import onnxruntime
import torch

from boxes import corners
from evaluate import open_session
from model import HEIGHT, LABELS, QUERIES, WIDTH, Nano

os.environ["TRANSFORMERS_DISABLE_TORCH_CHECK"] = "1"  # its checks of tensor contents have no ONNX operator

OPSET = 16
TOLERANCE = 1e-3
INPUTS, OUTPUTS = ["images", "orig_target_sizes"], ["labels", "boxes", "scores"]


class Authors(torch.nn.Module):
    """With the post-processing, as lyuwenyu/RT-DETR's RTDETRPostProcessor does it in deploy mode."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, images, orig_target_sizes):
        out = self.net(pixel_values=images)
        scores, index = torch.topk(out.logits.sigmoid().flatten(1), QUERIES, dim=-1)
        query = index // len(LABELS)
        boxes = corners(out.pred_boxes) * orig_target_sizes.repeat(1, 2).unsqueeze(1)
        return index - query * len(LABELS), boxes.gather(1, query.unsqueeze(-1).expand(-1, -1, 4)), scores


@torch.no_grad()
def fuse_branches(net):
    """The two convolutions of each RepVGG block as one."""
    for block in net.modules():
        if type(block).__name__ != "RTDetrV2RepVggBlock":
            continue
        fused = torch.nn.utils.fusion.fuse_conv_bn_eval
        wide, narrow = (fused(each.conv, each.norm) for each in (block.conv1, block.conv2))
        wide.weight[:, :, 1:2, 1:2] += narrow.weight
        wide.bias += narrow.bias
        block.conv1, block.conv2 = wide, torch.nn.Identity()
        block.forward = lambda x, block=block: block.activation(block.conv1(x))


def graph_of(model):
    data = io.BytesIO()
    torch.onnx.export(
        model,
        (torch.rand(2, 3, HEIGHT, WIDTH), torch.tensor([[640, 360]] * 2)),
        data,
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes={name: {0: "N"} for name in INPUTS + OUTPUTS},
        opset_version=OPSET,
        # The newer exporter fixes the batch of this model.
        dynamo=False,
    )
    return onnx.load_from_string(data.getvalue())


def bare(model):
    """With short names for what lies within the graph, and without what tells of the machine that made it."""
    graph = model.graph
    kept = {value.name for value in [*graph.input, *graph.output]}
    within = [each.name for each in graph.initializer] + [name for node in graph.node for name in node.output]
    short = {name: name if name in kept or not name else f"v{i}" for i, name in enumerate(within)}
    for each in graph.initializer:
        each.name = short[each.name]
    for node in graph.node:
        node.name = node.doc_string = ""
        node.input[:] = [short.get(name, name) for name in node.input]
        node.output[:] = [short[name] for name in node.output]
    del graph.value_info[:]
    return model


def check(model, file):
    """@raises AssertionError where scores or boxes (0..1) differ by more than TOLERANCE"""
    images, sizes = torch.rand(3, 3, HEIGHT, WIDTH), torch.ones(3, 2, dtype=torch.int64)
    expected = [each.numpy() for each in model(images, sizes)]
    found = open_session(file, 1).run(OUTPUTS, {"images": images.numpy(), "orig_target_sizes": sizes.numpy()})
    apart = np.abs(expected[2] - found[2]).max()
    print(f"scores at most {apart:.1e} apart from PyTorch's")
    assert apart < TOLERANCE
    # Scores that are nearly the same may change places.
    clear = np.abs(np.diff(expected[2], axis=1)) > 1e-5
    before, after = (np.pad(clear, ((0, 0), each), constant_values=True) for each in ((1, 0), (0, 1)))
    clear = before & after
    assert (expected[0] == found[0])[clear].all()
    apart = np.abs(expected[1] - found[1])[clear].max()
    print(f"boxes at most {apart:.1e} of the picture apart, {clear.mean():.0%} compared")
    assert apart < TOLERANCE


def time_runs(file):
    images = np.random.rand(1, 3, HEIGHT, WIDTH).astype(np.float32)
    feeds = {"images": images, "orig_target_sizes": np.array([[640, 360]])}
    for threads in (1, 2):
        session, spent = open_session(file, threads), []
        for _ in range(60):
            began = time.perf_counter()
            session.run(OUTPUTS, feeds)
            spent.append((time.perf_counter() - began) * 1000)
        print(f"{threads} threads: {statistics.median(spent):.1f} ms a run (median of 60), least {min(spent):.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("file", type=pathlib.Path)
    chosen = parser.parse_args()
    torch.manual_seed(1)
    state = torch.load(chosen.checkpoint, map_location="cpu")
    nano = Nano()
    nano.load_state_dict(state["average"])
    model = Authors(nano.net).eval().requires_grad_(False)
    fuse_branches(model)
    graph = bare(graph_of(model))
    onnx.checker.check_model(graph)
    chosen.file.write_bytes(graph.SerializeToString(deterministic=True))
    (chosen.file.parent / "labels.json").write_text(json.dumps(LABELS) + "\n")
    print("sha256", hashlib.sha256(chosen.file.read_bytes()).hexdigest())
    print(f"step {state['step']}: {chosen.file.stat().st_size} bytes, nodes {len(graph.graph.node)}")
    check(model, str(chosen.file))
    time_runs(str(chosen.file))


if __name__ == "__main__":
    main()
