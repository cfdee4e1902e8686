"""A trained network as plain matrices: what training hands to the writer. Knows shapes; neither torch nor Kaldi."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Affine:
    """y = weight @ spliced input + bias."""

    offsets: tuple[int, ...]
    """Feature frames of the input spliced together, in this order, relative to the output's."""
    weight: Matrix
    """(outputs, len(offsets) * inputs)"""
    bias: Matrix
    """(outputs,)"""


@dataclass(frozen=True, slots=True)
class Network:
    """Affine layers with ReLU between them and log-softmax after the last: normalisations are folded in."""

    layers: tuple[Affine, ...]
    priors: Matrix
    """(outputs,): how much of the training targets each output had."""

    @property
    def inputs(self) -> int:
        """Dimension of a feature frame."""
        return int(self.layers[0].weight.shape[1]) // len(self.layers[0].offsets)

    @property
    def context(self) -> tuple[int, int]:
        """Feature frames needed before and after the one an output belongs to."""
        return -sum(layer.offsets[0] for layer in self.layers), sum(layer.offsets[-1] for layer in self.layers)
