"""The order in which bugs are asked, and a tap's buffers."""

import numpy as np
import pytest

from eslbot.sim.bugs import FILL, Bug, Bugs, Streams
from eslbot.sim.sound import Pcm

FRAME = np.full(4, 7, np.int16)


class Tap(Bug):
    """Remembers what it tapped."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []
        self.write: list[int] = []
        self.pings = 0

    def tap_read(self, frame: Pcm) -> None:
        self.read.append(int(frame[0]))

    def tap_write(self, frame: Pcm) -> None:
        self.write.append(int(frame[0]))

    def ping(self) -> None:
        self.pings += 1


class Adds(Bug):
    """Adds a number to every frame."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def replace_read(self, frame: Pcm) -> Pcm:
        return frame + np.int16(self.number)

    def replace_write(self, frame: Pcm) -> Pcm:
        return frame + np.int16(self.number)


@pytest.fixture
def bugs() -> Bugs:
    return Bugs(lambda bug: None, lambda bug: None)


def test_reading_taps_after_every_replacement(bugs: Bugs) -> None:
    before, after = Tap(), Tap()
    for bug in (before, Adds(1), after):
        bugs.add(bug)
    assert bugs.read(FRAME, 0)[0] == 8
    assert (before.read, after.read, before.pings) == ([8], [8], 1)


def test_writing_taps_in_the_order_of_the_bugs(bugs: Bugs) -> None:
    before, after = Tap(), Tap()
    for bug in (before, Adds(1), after, Adds(2)):
        bugs.add(bug)
    assert bugs.write(FRAME, 0)[0] == 10
    assert (before.write, after.write) == ([7], [8])


def test_a_first_bug_goes_before_the_others(bugs: Bugs) -> None:
    tap = Tap()
    bugs.add(Adds(1))
    bugs.add(tap, first=True)
    bugs.write(FRAME, 0)
    assert tap.write == [7]


def test_bugs_leave_when_they_are_over_or_their_time_is() -> None:
    stopped: list[Bug] = []
    bugs = Bugs(lambda bug: None, stopped.append)
    over, timed, stays = Bug(), Bug(ends=5.0), Bug()
    for bug in (over, timed, stays):
        bugs.add(bug)
    over.over = True
    bugs.read(FRAME, 4.9)
    assert stopped == [over]
    bugs.write(FRAME, 5.0)
    assert stopped == [over, timed]
    assert list(bugs) == [stays]


def frames(*values: int) -> list[Pcm]:
    return [np.full(2, value, np.int16) for value in values]


def taken(streams: Streams, fill: bool) -> tuple[int, int] | None:
    got = streams.take(fill)
    return None if got is None else (int(got[0][0]), int(got[1][0]))


def test_a_missing_frame_is_filled_or_waited_for() -> None:
    streams = Streams()
    streams.read.extend(frames(1))
    assert taken(streams, fill=True) is None
    assert taken(streams, fill=False) == (1, FILL)
    streams.write.extend(frames(2))
    assert taken(streams, fill=False) == (FILL, 2)
    assert taken(streams, fill=False) is None


def test_the_pre_buffer_holds_back_after_the_first_frame() -> None:
    streams = Streams(pre_buffer=3)
    streams.read.extend(frames(1, 2, 3, 4, 5))
    streams.write.extend(frames(1, 2, 3, 4, 5))
    got = [taken(streams, fill=False) for _ in range(8)]
    assert got == [(1, 1), None, None, None, (2, 2), (3, 3), (4, 4), (5, 5)]


def test_what_was_written_too_far_ahead_is_thrown_away() -> None:
    streams = Streams()
    streams.read.extend(frames(1))
    streams.write.extend(frames(1, 2, 3))
    assert taken(streams, fill=False) == (1, 2)
