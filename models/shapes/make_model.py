"""Writes model.onnx: finds strongly coloured objects and speaks RT-DETR.

Also writes labels.json, and the size and hash in ../models.json. Run `python3 make_model.py` with
onnx 1.23 and numpy installed. Inputs and outputs are those of the RT-DETR authors' export.
README.md tells how it works.
"""

import hashlib
import json
import math
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
LIST = HERE.parent / "models.json"
SIZE = 640  # pixels of the input, each way
CELL = 4  # pixels per grid cell, each way
GRID = SIZE // CELL
ROW = GRID + 2  # the grid has a border of one cell, so that every cell has four neighbours
QUERIES = 300

# Labels in class-id order, with the hue (degrees) at each one's centre.
HUES = {"red": 0, "yellow": 45, "green": 120, "cyan": 180, "blue": 230, "magenta": 305}

MIN_CHROMA = 0.14  # of max(rgb) - min(rgb), in 0..1
MIN_SATURATION = 0.3  # chroma / max(rgb)
EDGE_LEVEL = 0.5  # an object ends where its chroma has fallen to this share
PALE, VIVID = 0.10, 0.42  # mean chroma that scores 0 and 1
SMALL, LARGE = 2, 12  # cells that score 0 and 1
THIN, SOLID = 0.0, 0.25  # share of cells with four neighbours that scores 0 and 1


class Graph:
    """Collects nodes; each value is named after what it is."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def const(self, value, dtype=np.float32):
        self.count += 1
        name = f"const_{self.count}"
        self.constants.append(numpy_helper.from_array(np.array(value, dtype), name))
        return name

    def ints(self, *value):
        return self.const(value, np.int64)

    def op(self, kind, *inputs, out=None, outputs=1, **attributes):
        self.count += 1
        first = out or f"{kind.lower()}_{self.count}"
        names = [first] if outputs == 1 else [f"{first}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return first if outputs == 1 else names


def ramp(g, value, low, high):
    """0 at `low`, 1 at `high`, straight between."""
    scaled = g.op("Div", g.op("Sub", value, g.const(low)), g.const(high - low))
    return g.op("Clip", scaled, g.const(0.0), g.const(1.0))


def cells(g):
    """Per cell of the grid: chroma, the chroma around it, and its class or -1; all [N,GRID,GRID]."""
    rgb = g.op("AveragePool", "images", kernel_shape=[CELL, CELL], strides=[CELL, CELL])
    r, gr, b = g.op("Split", rgb, outputs=3, axis=1, num_outputs=3)
    brightest = g.op("Max", r, gr, b)
    chroma = g.op("Sub", brightest, g.op("Min", r, gr, b))
    around = g.op("MaxPool", chroma, kernel_shape=[5, 5], pads=[2, 2, 2, 2])
    enough = g.op(
        "Max",
        g.op("Mul", brightest, g.const(MIN_SATURATION)),
        g.op("Mul", around, g.const(EDGE_LEVEL)),
        g.const(MIN_CHROMA),
    )
    coloured = g.op("GreaterOrEqual", chroma, enough)
    # The cosine between the cell's hue and each class's, up to a factor that all share.
    turn = [[math.cos(math.radians(hue - at)) for at in (0, 120, 240)] for hue in HUES.values()]
    weights = g.const(np.array(turn).reshape(len(HUES), 3, 1, 1))
    nearest = g.op("ArgMax", g.op("Conv", rgb, weights), axis=1)
    label = g.op("Where", coloured, nearest, g.ints(-1))
    plane = g.ints(1)
    return [g.op("Squeeze", value, plane) for value in (chroma, around, label)]


def flat(g, grid, mode, border, last):
    """The grid with its border as one row of numbers, and one number more."""
    pads = g.ints(0, 1, 1, 0, 1, 1)
    padded = g.op("Pad", grid, pads, border, mode=mode) if border else g.op("Pad", grid, pads, mode=mode)
    return g.op("Concat", g.op("Reshape", padded, g.ints(-1)), last, axis=0)


def components(g, links, ranks):
    """For each node the greatest rank that it is joined to, found by linking and jumping."""
    body = Graph()
    seen = body.op("Max", "joined", *[body.op("Gather", "joined", link) for link in links])
    hooked = body.op("ScatterElements", "joined", "joined", seen, reduction="max")
    jumps = body.op("Max", seen, hooked)
    body.op("Gather", jumps, jumps, out="joined_next")
    moved = body.op("Not", body.op("Equal", "joined", "joined_next"))
    moves = body.op("ReduceSum", body.op("Cast", moved, to=TensorProto.INT64), keepdims=0)
    body.op("Greater", moves, body.const(0, np.int64), out="again")
    value = helper.make_tensor_value_info
    loop = helper.make_graph(
        body.nodes,
        "join",
        [
            value("step", TensorProto.INT64, []),
            value("go", TensorProto.BOOL, []),
            value("joined", TensorProto.INT64, ["nodes"]),
        ],
        [
            value("again", TensorProto.BOOL, []),
            value("joined_next", TensorProto.INT64, ["nodes"]),
        ],
        body.constants,
    )
    return g.op("Loop", g.const(64, np.int64), g.const(True, np.bool_), ranks, body=loop)


def build():
    g = Graph()
    chroma, around, label = cells(g)

    # Coloured cells become nodes. One more node at the end belongs to no picture, so that
    # nothing is ever empty.
    labels = flat(g, label, "constant", g.const(-1, np.int64), g.ints(-2))
    chromas = flat(g, chroma, "edge", None, g.const([0.0]))
    arounds = flat(g, around, "edge", None, g.const([0.0]))
    is_node = g.op("Not", g.op("Equal", labels, g.ints(-1)))
    at = g.op("Squeeze", g.op("NonZero", is_node), g.ints(0))
    rank_at = g.op("Sub", g.op("CumSum", g.op("Cast", is_node, to=TensorProto.INT64), g.const(0, np.int64)), g.ints(1))
    rank = g.op("Gather", rank_at, at)
    node_label = g.op("Gather", labels, at)
    node_chroma = g.op("Gather", chromas, at)
    level = g.op("Mul", g.op("Gather", arounds, at), g.const(EDGE_LEVEL))
    end = g.op("Sub", g.op("Shape", labels), g.ints(1))
    x = g.op("Cast", g.op("Mod", at, g.ints(ROW)), to=TensorProto.FLOAT)
    row = g.op("Mod", g.op("Div", at, g.ints(ROW)), g.ints(ROW))
    y = g.op("Cast", row, to=TensorProto.FLOAT)

    # To each side: the neighbour of the same class, and how far the object goes, in cells.
    links, reach, inner = [], [], []
    for step in (-1, -ROW, 1, ROW):
        beside = g.op("Min", g.op("Add", at, g.ints(step)), end)
        same = g.op("Equal", g.op("Gather", labels, beside), node_label)
        links.append(g.op("Where", same, g.op("Gather", rank_at, beside), rank))
        inner.append(same)
        beyond = g.op("Gather", chromas, beside)
        fall = g.op("Div", g.op("Sub", node_chroma, level), g.op("Sub", node_chroma, beyond))
        reach.append(g.op("Where", g.op("Less", beyond, level), fall, g.const(0.5)))
    core = g.op("Cast", g.op("And", g.op("And", *inner[:2]), g.op("And", *inner[2:])), to=TensorProto.FLOAT)

    joined = components(g, links, rank)

    # Sums and extents of each component, kept at the node that carries its rank.
    zero = g.op("Mul", x, g.const(0.0))
    far = g.op("Add", zero, g.const(float(ROW)))

    def gather_up(start, value, reduction):
        return g.op("ScatterElements", start, joined, value, reduction=reduction)

    one = g.op("Add", zero, g.const(1.0))
    area = gather_up(zero, one, "add")
    mean_chroma = g.op("Div", gather_up(zero, node_chroma, "add"), area)
    core_share = g.op("Div", gather_up(zero, core, "add"), area)
    sides = [
        gather_up(far, g.op("Sub", x, reach[0]), "min"),
        gather_up(far, g.op("Sub", y, reach[1]), "min"),
        gather_up(zero, g.op("Add", x, reach[2]), "max"),
        gather_up(zero, g.op("Add", y, reach[3]), "max"),
    ]

    # One detection per component.
    strength = g.op("Mul", ramp(g, mean_chroma, PALE, VIVID), g.const(0.98))
    substance = g.op("Mul", ramp(g, area, SMALL, LARGE), ramp(g, core_share, THIN, SOLID))
    is_head = g.op("And", g.op("Equal", joined, rank), g.op("GreaterOrEqual", node_label, g.ints(0)))
    score = g.op("Where", is_head, g.op("Mul", strength, substance), g.const(0.0))
    nowhere = g.op("Mul", chromas, g.const(0.0))
    everywhere = g.op("ScatterElements", nowhere, at, score)
    pictures = g.op("Reshape", g.op("Slice", everywhere, g.ints(0), end), g.ints(-1, ROW * ROW))
    g.nodes.append(helper.make_node("TopK", [pictures, g.ints(QUERIES)], ["scores", "best"], axis=1))

    # Back from the place of each winner to its label and box.
    count = g.op("Div", end, g.ints(ROW * ROW))
    first = g.op("Mul", g.op("Range", g.const(0, np.int64), g.op("Squeeze", count), g.const(1, np.int64)), g.ints(ROW * ROW))
    place = g.op("Add", "best", g.op("Unsqueeze", first, g.ints(1)))
    winner = g.op("Gather", rank_at, place)
    found = g.op("Greater", "scores", g.const(0.0))
    g.op("Where", found, g.op("Gather", node_label, winner), g.const(0, np.int64), out="labels")
    columns = g.ints(1)
    extents = g.op("Concat", *[g.op("Unsqueeze", side, columns) for side in sides], axis=1)
    # A cell's centre is half a cell from its side, and the border is one cell.
    share = g.op("Div", g.op("Sub", extents, g.const(0.5)), g.const(float(GRID)))
    inside = g.op("Clip", share, g.const(0.0), g.const(1.0))
    size = g.op("Cast", g.op("Unsqueeze", "orig_target_sizes", g.ints(1)), to=TensorProto.FLOAT)
    boxes = g.op("Mul", g.op("Gather", inside, winner), g.op("Tile", size, g.ints(1, 1, 2)))
    g.op("Where", g.op("Unsqueeze", found, g.ints(2)), boxes, g.const(0.0), out="boxes")
    return g


def model():
    g = build()
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes,
        "shapes",
        [
            value("images", TensorProto.FLOAT, ["N", 3, SIZE, SIZE]),
            value("orig_target_sizes", TensorProto.INT64, ["N", 2]),
        ],
        [
            value("labels", TensorProto.INT64, ["N", QUERIES]),
            value("boxes", TensorProto.FLOAT, ["N", QUERIES, 4]),
            value("scores", TensorProto.FLOAT, ["N", QUERIES]),
        ],
        g.constants,
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=8,
        producer_name="framebus",
        producer_version="",
    )
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString(deterministic=True)


def main():
    data = model()
    (HERE / "model.onnx").write_bytes(data)
    (HERE / "labels.json").write_text(json.dumps([f"{name} object" for name in HUES], indent=2) + "\n")
    listed = json.loads(LIST.read_text())
    entry = next(each for each in listed["models"] if each["name"] == "shapes")
    entry |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    LIST.write_text(json.dumps(listed, indent=2) + "\n")
    print(f"model.onnx: {len(data)} bytes, sha256 {entry['sha256']}")


if __name__ == "__main__":
    main()
