"""Trains the network from nothing on folders of drawn streets.

First the backbone, the encoder and its heads alone (`--dense-share` of the schedule), then all with the decoder. Learning
rate: warm-up, then a cosine over `--steps`, or over `--minutes` of training. What is measured and exported is the moving
average of the weights. `last.pt` in `--out` holds all to go on from with `--resume`.

The order of pictures, their changes and the first weights follow from `--seed` alone. Sums in other orders (another
processor, atomic additions of a GPU) give other last digits, and so other weights after many steps.
"""

import argparse
import copy
import pathlib
import time

import numpy as np
import torch

from data import Pictures, places
from dense import dense_loss
from evaluate import detect_all, summary
from losses import decoder_loss
from model import HEIGHT, WIDTH, Nano, start_decoder
from optimise import follow, groups, set_rates

CLIP = 10.0  # longest gradient
ANCHORS = (9, 6)  # of a target: without and with the decoder
GROW_EVERY = 50  # steps


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", nargs="+", required=True, help="folders of pictures and truth.json; * stands for any name")
    parser.add_argument("--room", type=int, help="pictures at most, of folders that are still being rendered")
    parser.add_argument("--validation", nargs="+", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, help="length of the schedule")
    parser.add_argument("--minutes", type=float, help="length of the schedule by time, instead")
    parser.add_argument("--size", type=int, nargs=2, default=(WIDTH, HEIGHT), help="pixels; multiples of 32")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--dense-share", type=float, default=0.2)
    parser.add_argument("--measure-every", type=int, default=500, help="steps")
    parser.add_argument("--measured", type=int, default=300, help="validation pictures")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--resume", action="store_true", help="go on from last.pt in --out, in the same schedule")
    parser.add_argument("--start", help="a checkpoint whose averaged weights to start a new schedule from")
    chosen = parser.parse_args()
    if (chosen.steps is None) == (chosen.minutes is None):
        parser.error("give --steps or --minutes")
    return chosen


def main():
    chosen = arguments()
    size = tuple(chosen.size)
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(chosen.seed)
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    device, last = torch.device(chosen.device), chosen.out / "last.pt"
    net = Nano().to(device, memory_format=torch.channels_last)
    if chosen.start:
        net.load_state_dict(torch.load(chosen.start, map_location=device)["average"])
    average = copy.deepcopy(net).requires_grad_(False)
    optimiser = torch.optim.AdamW(groups(net, chosen.rate), lr=chosen.rate, betas=(0.9, 0.99), fused=device.type == "cuda")
    pictures, validation = Pictures(chosen.data, device, chosen.room), Pictures(chosen.validation, device)
    step, decoder_from, seconds, best = 0, None, 0.0, 0.0
    if chosen.resume:
        state = torch.load(last, map_location=device)
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        step, decoder_from, seconds, best = (state[key] for key in ("step", "decoder_from", "seconds", "best"))
    print(f"{len(pictures)} pictures, {len(validation)} to validate, from step {step}", flush=True)
    sums, began, progress = torch.zeros(2, device=device), time.monotonic(), 0.0
    while progress < 1:
        net.train()
        chosen_places = places(len(pictures), chosen.seed, step, chosen.batch)
        images, targets = pictures.batch(chosen_places, np.random.default_rng([chosen.seed, step]), size)
        progress = (step + 1) / chosen.steps if chosen.steps else (seconds + time.monotonic() - began) / 60 / chosen.minutes
        decode = progress >= chosen.dense_share
        if decode and decoder_from is None:
            decoder_from = step
            if not chosen.start:
                start_decoder(net.net)
                start_decoder(average.net)
        set_rates(optimiser, progress, step, step - (decoder_from if decode else step))
        found = net(images.contiguous(memory_format=torch.channels_last), targets, decode, low=True)
        dense = dense_loss(found, targets, ANCHORS[decode])
        matched = decoder_loss(found, targets) if decode else torch.zeros((), device=device)
        optimiser.zero_grad()
        (dense + matched).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimiser.step()
        step += 1
        follow(average, net, step)
        sums += torch.stack([dense.detach(), matched.detach()])
        if step % GROW_EVERY == 0:
            pictures.grow()
        if step % 100 == 0:
            spent = seconds + time.monotonic() - began
            means = " ".join(f"{each:.3f}" for each in (sums / 100).tolist())
            print(f"step {step} of {len(pictures)} progress {progress:.3f} losses {means} minutes {spent / 60:.2f}", flush=True)
            sums.zero_()
        if step % chosen.measure_every == 0 or progress >= 1:
            figures = summary(validation, detect_all(average, validation, chosen.measured, decode, size), chosen.measured)
            print(f"step {step} {'decoder' if decode else 'dense'} {figures}", flush=True)
            better = decode and figures["mAP50-95"] >= best
            best = figures["mAP50-95"] if better else best
            spent = seconds + time.monotonic() - began
            state = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
            state |= {"step": step, "decoder_from": decoder_from, "seconds": spent, "best": best, "figures": figures}
            torch.save(state, last)
            if better:
                torch.save(state, chosen.out / "best.pt")


if __name__ == "__main__":
    main()
