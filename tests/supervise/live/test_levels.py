"""How loud each side is."""

import numpy as np

from eslbot.supervise.live.levels import levels


def test_a_level_is_in_decibels_and_each_side_has_its_own() -> None:
    stereo = np.zeros((160, 2), "<i2")
    stereo[:, 0] = 32767
    assert levels(stereo.tobytes()) == (100, 0)
    stereo[:, 0], stereo[:, 1] = 0, 3277  # 20 dB below
    assert levels(stereo.tobytes()) == (0, 67)
