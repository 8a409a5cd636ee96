"""Writes RT-DETRv2 R18 and R50 with random weights, in the RT-DETR authors' style at 640 x 640, to measure speed with.

`python bench/gpu_models.py FOLDER`; needs models/nano/requirements.txt. Their speed is that of trained ones.
Sizes of the networks: configs of lyuwenyu/RT-DETR, rtdetrv2_r18vd and rtdetrv2_r50vd.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "models" / "nano"))

import onnx
import torch
from transformers import RTDetrResNetConfig, RTDetrV2Config, RTDetrV2ForObjectDetection

import export

CLASSES, SIDE, QUERIES = 80, 640, 300


def r18():
    backbone = RTDetrResNetConfig(
        hidden_sizes=[64, 128, 256, 512],
        depths=[2, 2, 2, 2],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    return RTDetrV2Config(
        backbone_config=backbone,
        encoder_in_channels=[128, 256, 512],
        hidden_expansion=0.5,
        decoder_layers=3,
        num_labels=CLASSES,
        anchor_image_size=[SIDE, SIDE],
    )


def r50():
    backbone = RTDetrResNetConfig(out_features=["stage2", "stage3", "stage4"])
    return RTDetrV2Config(backbone_config=backbone, num_labels=CLASSES, anchor_image_size=[SIDE, SIDE])


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    export.WIDTH = export.HEIGHT = SIDE
    export.QUERIES, export.LABELS = QUERIES, [str(i) for i in range(CLASSES)]
    (folder / "labels.json").write_text(json.dumps(export.LABELS))
    for name, config in (("r18", r18()), ("r50", r50())):
        torch.manual_seed(1)
        model = export.Authors(RTDetrV2ForObjectDetection(config)).eval().requires_grad_(False)
        export.fuse_branches(model)
        graph = export.bare(export.graph_of(model))
        onnx.save(graph, folder / f"{name}.onnx")
        try:
            from onnxruntime.transformers.float16 import convert_float_to_float16
        except ImportError as error:
            print(f"no {name} with float16 inside: {error}")
            continue
        onnx.save(convert_float_to_float16(graph, keep_io_types=True), folder / f"{name}-fp16.onnx")


if __name__ == "__main__":
    main()
