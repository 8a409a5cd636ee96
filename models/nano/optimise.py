"""What AdamW is given: groups of parameters and their learning rates; and the moving average of the weights."""

import math

import torch

WARM_UP = 100  # steps
LEAST = 0.02  # of the highest rate, at the end
AVERAGE = 0.9985  # of the moving average, for each step


def groups(net, rate):
    """Parameters for AdamW: no decay of norms and biases; the decoder apart, as it starts later."""
    found = {}
    for name, weights in net.named_parameters():
        decoder = ".decoder." in name or "denoising" in name
        found.setdefault((decoder, weights.ndim > 1), []).append(weights)
    return [
        {"params": each, "decoder": decoder, "peak": rate * (0.6 if decoder else 1), "weight_decay": 0.02 * decays}
        for (decoder, decays), each in found.items()
    ]


def set_rates(optimiser, progress, step, decoder_step):
    """Warm-up, the decoder's from where it starts, times a cosine over `progress` 0..1."""
    cosine = (1 + math.cos(math.pi * min(1, progress))) / 2
    for group in optimiser.param_groups:
        warm = min(1, ((decoder_step if group["decoder"] else step) + 1) / WARM_UP)
        group["lr"] = group["peak"] * warm * (LEAST + (1 - LEAST) * cosine)


@torch.no_grad()
def follow(average, net, step):
    decay = min(AVERAGE, (1 + step) / (20 + step))
    pairs = list(zip(average.state_dict().values(), net.state_dict().values()))
    moving = [pair for pair in pairs if pair[0].is_floating_point()]
    torch._foreach_lerp_(*map(list, zip(*moving)), 1 - decay)
    for kept, now in pairs:
        if not kept.is_floating_point():
            kept.copy_(now)
