"""Training: the plain matrices it hands out compute what the network computes, and the same seed gives the same."""

import numpy as np
import pytest

from tests.voice.networks import log_posteriors
from tools.voice import clips
from tools.voice.layers import Network

pytestmark = pytest.mark.voice

PHONES = 3


def data(seed: int = 2, count: int = 12) -> clips.Clips:
    """Clips whose labels can be told from the features: each phone has a pattern of its own, shifted and scaled."""
    random = np.random.default_rng(seed)
    patterns = random.standard_normal((PHONES + 1, 30)) * 3
    labels = np.repeat(random.integers(0, PHONES + 1, (count, clips.LABELS // 10)), 10, axis=1)
    frames = np.repeat(labels, clips.FRAMES_A_LABEL, axis=1)
    padded = np.pad(frames, ((0, 0), (clips.LEFT, clips.RIGHT)))
    noise = random.standard_normal((count, clips.FRAMES, 30))
    return clips.Clips((7 + 4 * (patterns[padded] + noise)).astype(np.float32), labels)


def test_it_learns_and_the_folded_matrices_say_the_same() -> None:
    from tools.voice import net

    made = data()
    losses: list[float] = []
    network = net.train(made, PHONES, hidden=48, epochs=15, seed=1, progress=losses.append)
    assert losses[-1] < 0.6 * losses[0]
    assert network.context == (clips.LEFT, clips.RIGHT)
    assert network.inputs == 30
    assert network.priors.sum() == pytest.approx(1, abs=1e-5)
    right = 0
    for label in range(0, clips.LABELS, 8):
        scores = log_posteriors(network, made.features[0], clips.LEFT + label * clips.FRAMES_A_LABEL)
        assert np.exp(scores).sum() == pytest.approx(1, abs=1e-5)
        right += int(np.argmax(scores) == made.labels[0, label])
    assert right >= 42  # of 50


def test_folding_changes_nothing() -> None:
    import torch

    from tools.voice import net

    torch.manual_seed(4)
    network = net._Tdnn(30, 24, 6)
    network.train()
    frames = torch.randn(8, 30, 324) * 3 + 1
    for _ in range(5):
        network(frames)  # so that the normalisations have something to fold
    network.eval()
    mean, scale = np.linspace(-2, 2, 30).astype(np.float32), np.linspace(0.5, 3, 30).astype(np.float32)
    folded = Network(net._fold(network, mean, scale), np.zeros(6, dtype=np.float32))
    raw = np.random.default_rng(5).standard_normal((25 + 30, 30)).astype(np.float32)
    with torch.no_grad():
        out = network(torch.from_numpy((raw - mean) / scale).T[None])[0]
        expected = torch.log_softmax(out, dim=0).numpy()
    for label in range(expected.shape[1]):
        made = log_posteriors(folded, raw, clips.LEFT + 3 * label)
        np.testing.assert_allclose(made, expected[:, label], atol=1e-3)


def test_the_same_arguments_give_the_same_bits() -> None:
    from tools.voice import net

    first, second = (net.train(data(count=4), PHONES, hidden=16, epochs=2, seed=9) for _ in range(2))
    for one, other in zip(first.layers, second.layers, strict=True):
        assert np.array_equal(one.weight, other.weight)
        assert np.array_equal(one.bias, other.bias)
