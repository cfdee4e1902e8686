"""A frame's legs are its channels."""

import struct

from eslbot.model.audio import BYTES_PER_SAMPLE, AudioFrame
from eslbot.model.call import Role
from tests.words import CALL


def test_left_is_the_customer_and_right_the_agent() -> None:
    frame = AudioFrame(CALL, 160, 8000, struct.pack("<6h", 1, -1, 2, -2, 3, -3))
    assert frame.leg(Role.CUSTOMER) == struct.pack("<3h", 1, 2, 3)
    assert frame.leg(Role.AGENT) == struct.pack("<3h", -1, -2, -3)
    assert (frame.samples, frame.end) == (3, 163)
    assert len(frame.stereo) == 3 * BYTES_PER_SAMPLE


def test_without_the_agent_the_customer_is_as_before() -> None:
    frame = AudioFrame(CALL, 160, 8000, struct.pack("<4h", 1, -1, 2, -2)).without_agent()
    assert frame == AudioFrame(CALL, 160, 8000, struct.pack("<4h", 1, 0, 2, 0))
