"""The network: a small time-delay network trained with cross-entropy in torch, handed out as plain matrices.

Knows torch (the only file that does). Does not know Kaldi's files, words or graphs.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.voice import clips
from tools.voice.layers import Affine, Matrix, Network

LAYERS = ((-2, -1, 0, 1, 2), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-6, -3, 0))
"""Input frames of each layer, relative to its own; they add up to clips.LEFT before and clips.RIGHT after."""
GARBAGE = 0.1
"""How much of every speech frame's target goes to the garbage unit."""
_BATCH = 32
_PIECE = 100  # labels a training example
_PEAK_RATE = 4e-3


class _Tdnn(nn.Module):  # type: ignore[misc,unused-ignore]
    """Works on feature frames up to layer 1, on every third from layer 2 on."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.affines = nn.ModuleList(
            [
                nn.Conv1d(inputs, hidden, 5),
                nn.Conv1d(hidden, hidden, 3, stride=3),
                nn.Conv1d(hidden, hidden, 3),
                nn.Conv1d(hidden, hidden, 3),
                nn.Conv1d(hidden, hidden, 3),
                nn.Conv1d(hidden, outputs, 1),
            ]
        )
        self.norms = nn.ModuleList([nn.BatchNorm1d(hidden, affine=False) for _ in range(5)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for affine, norm in zip(self.affines, self.norms, strict=False):
            x = norm(torch.relu(affine(x)))
        return self.affines[-1](x)


def _targets(labels: torch.Tensor, outputs: int) -> torch.Tensor:
    """(..., outputs) distributions: a phone's frame is 10 % garbage (the last output), a silent frame all silence."""
    garbage = GARBAGE * (labels > 0).float()
    target = nn.functional.one_hot(labels, outputs).float() * (1 - garbage)[..., None]
    target[..., -1] += garbage
    return target


def _examples(data: clips.Clips, random: np.random.Generator) -> Iterator[tuple[Matrix, npt.NDArray[np.int64]]]:
    """Batches of one epoch: every clip cut into pieces, in random order, from a random first label."""
    clip_count, label_count = data.labels.shape
    begin = int(random.integers(_PIECE))
    places = [(c, b) for c in range(clip_count) for b in range(begin, label_count - _PIECE + 1, _PIECE)]
    order = random.permutation(len(places))
    frames = clips.LEFT + (_PIECE - 1) * clips.FRAMES_A_LABEL + 1 + clips.RIGHT
    for at in range(0, len(order), _BATCH):
        chosen = [places[index] for index in order[at : at + _BATCH]]
        x = np.stack([data.features[c, b * clips.FRAMES_A_LABEL :][:frames] for c, b in chosen])
        yield x, np.stack([data.labels[c, b : b + _PIECE] for c, b in chosen])


def train(
    data: clips.Clips,
    phones: int,
    *,
    hidden: int,
    epochs: int,
    seed: int,
    progress: Callable[[float], None] = lambda loss: None,
) -> Network:
    """Trains a network with outputs silence, `phones` phones, garbage. The same arguments give the same network on the
    same machine with the same torch, on as many threads.

    `hidden` is the width of every layer but the last; `epochs` how often all of the data is gone through.
    `progress` is called with the loss (nats a label) after each epoch.
    """
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    outputs = phones + 2
    mean = data.features.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
    scale = data.features.std(axis=(0, 1), dtype=np.float64).astype(np.float32)
    net = _Tdnn(len(mean), hidden, outputs)
    random = np.random.default_rng((seed, 1))
    optimiser = torch.optim.AdamW(net.parameters(), lr=_PEAK_RATE, weight_decay=1e-3)
    steps = epochs * (data.labels.shape[0] * (clips.LABELS // _PIECE) // _BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=steps, pct_start=0.2)
    done = 0
    for _ in range(epochs):
        losses = []
        for x, y in _examples(data, random):
            inputs = torch.from_numpy((x - mean) / scale).transpose(1, 2)
            logits = net(inputs).transpose(1, 2)
            loss = nn.functional.cross_entropy(
                logits.reshape(-1, outputs), _targets(torch.from_numpy(y), outputs).reshape(-1, outputs)
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            done += 1
            if done < steps:
                schedule.step()
            losses.append(float(loss.detach()))
        progress(float(np.mean(losses)))
    net.eval()
    return Network(_fold(net, mean, scale), _priors(data.labels, outputs))


def _fold(net: _Tdnn, mean: Matrix, scale: Matrix) -> tuple[Affine, ...]:
    """The layers with each normalisation (of the input, after each ReLU) multiplied into the affine that follows it."""
    folded = []
    with torch.no_grad():
        for index, offsets in enumerate((*LAYERS, (0,))):
            weight = net.affines[index].weight.double().numpy()  # (out, in, taps)
            bias = net.affines[index].bias.double().numpy()
            bias = bias - np.einsum("oit,i->o", weight, mean / scale)
            weight = weight / np.asarray(scale, dtype=np.float64)[None, :, None]
            flat = weight.transpose(0, 2, 1).reshape(len(bias), -1)  # Append() puts frame after frame
            folded.append(Affine(offsets, flat.astype(np.float32), bias.astype(np.float32)))
            if index < len(LAYERS):
                norm = net.norms[index]
                mean = norm.running_mean.double().numpy()
                scale = np.sqrt(norm.running_var.double().numpy() + norm.eps)
    return tuple(folded)


def _priors(labels: npt.NDArray[np.int64], outputs: int) -> Matrix:
    counts = np.bincount(labels.ravel(), minlength=outputs).astype(np.float64) + 1.0
    garbage = GARBAGE * counts[1:-1].sum()
    counts[1:-1] *= 1 - GARBAGE
    counts[-1] += garbage
    priors: Matrix = (counts / counts.sum()).astype(np.float32)
    return priors
