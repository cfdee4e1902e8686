"""Networks for tests: random ones, and the arithmetic of any, done slowly in numpy."""

import numpy as np
import numpy.typing as npt

from tools.voice.layers import Affine, Network

OFFSETS = ((-2, -1, 0, 1, 2), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-6, -3, 0), (0,))


def random_network(outputs: int, hidden: int = 16, seed: int = 1) -> Network:
    """The shipped models' wiring, with other numbers."""
    random = np.random.default_rng(seed)
    layers, inputs = [], 30
    for offsets in OFFSETS:
        size = outputs if offsets == (0,) else hidden
        weight = random.standard_normal((size, len(offsets) * inputs)) / np.sqrt(len(offsets) * inputs)
        layers.append(Affine(offsets, weight.astype(np.float32), np.zeros(size, dtype=np.float32)))
        inputs = size
    return Network(tuple(layers), np.full(outputs, 1 / outputs, dtype=np.float32))


def log_posteriors(network: Network, features: npt.NDArray[np.float32], frame: int) -> npt.NDArray[np.float64]:
    """(outputs,) of one frame, by the definition of every layer, each computed where it is needed."""

    def layer(depth: int, at: int) -> npt.NDArray[np.float64]:
        if depth < 0:
            frame_itself: npt.NDArray[np.float64] = features[at].astype(np.float64)
            return frame_itself
        affine = network.layers[depth]
        spliced = np.concatenate([layer(depth - 1, at + offset) for offset in affine.offsets])
        value: npt.NDArray[np.float64] = affine.weight.astype(np.float64) @ spliced + affine.bias
        if depth < len(network.layers) - 1:
            value[value < 0] = 0.0  # ReLU
        return value

    scores = layer(len(network.layers) - 1, frame)
    normal = np.log(np.sum(np.exp(scores - scores.max()))) + scores.max()
    return scores - float(normal)
