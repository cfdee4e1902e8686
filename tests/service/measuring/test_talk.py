"""The talk that is measured with is talk: both speak, in turn, about half the time each."""

import numpy as np
import pytest

from eslbot.service.measuring import talk

QUIET = 200
"""A block whose loudest sample is below this is a pause: the noise of the line and nothing else."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_party_speaks_about_half_the_time_and_they_take_turns(language: str) -> None:
    both = np.frombuffer(talk.two_way(language), "<i2").reshape(-1, 2)
    blocks = np.abs(both[: len(both) // 800 * 800].reshape(-1, 800, 2).astype(int)).max(axis=1) > QUIET
    share = blocks.mean(axis=0)
    assert np.all((share > 0.3) & (share < 0.6))
    assert (blocks[:, 0] & blocks[:, 1]).mean() < 0.05, "they speak over each other"
    assert talk.seconds(talk.two_way(language)) > 60


def test_it_is_the_same_each_time() -> None:
    assert talk.two_way("zh") == talk.two_way("zh")
