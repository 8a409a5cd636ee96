"""Gradients of a batch, cut into parts that several threads work on.

A thread takes the next part when it is done with one, so that a core which others use as well takes fewer of them; the
threads of one convolution would wait for each other instead. Norms see one part at a time.
"""

import concurrent.futures

import torch

from dense import dense_loss
from losses import decoder_loss

ANCHORS = (9, 6)  # of a target: without and with the decoder


class Gradients:
    def __init__(self, net, matcher, workers):
        self.net, self.matcher = net, matcher
        self.parameters = list(net.parameters())
        self.pool = concurrent.futures.ThreadPoolExecutor(workers) if workers > 1 else None

    def __call__(self, parts, decode):
        """Sets the gradients to the mean over `parts`, (images, targets) each; gives the mean losses."""
        work = lambda part: self.of_part(*part, decode)
        done = list(self.pool.map(work, parts) if self.pool else map(work, parts))
        for weights, *each in zip(self.parameters, *(grads for grads, _ in done)):
            there = [grad for grad in each if grad is not None]
            weights.grad = sum(there) / len(parts) if there else None
        return [sum(each) / len(parts) for each in zip(*(losses for _, losses in done))]

    def of_part(self, images, targets, decode):
        device = self.parameters[0].device
        images = images.to(device, memory_format=torch.channels_last)
        targets = [{key: value.to(device) for key, value in each.items()} for each in targets]
        found = self.net(images, targets, decode, low=True)
        dense = dense_loss(found, targets, ANCHORS[decode])
        matched = decoder_loss(found, targets, self.matcher) if decode else torch.zeros((), device=device)
        grads = torch.autograd.grad(dense + matched, self.parameters, allow_unused=True)
        return grads, (dense.item(), matched.item())
