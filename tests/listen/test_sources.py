"""One suite for every source of audio: what a call's audio must be, whichever way it came."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from eslbot.greenlets import Greenlets
from eslbot.listen.fork import ForkOptions, ForkServer
from eslbot.listen.source import Source
from eslbot.listen.spool import Spool, SpoolOptions
from eslbot.model.call import CallId, Role
from tests.listen.collected import Clock, Collected, until
from tests.listen.fork_client import ForkClient

A = CallId("6a2f9a3e-0000-4000-8000-00000000000a")
B = CallId("6a2f9a3e-0000-4000-8000-00000000000b")
RATE = 8000


def stereo(left: int, right: int, samples: int) -> bytes:
    """A tone of that many periods a second on each side."""
    time = np.arange(samples) / RATE
    both = np.stack([np.sin(2 * np.pi * left * time), np.sin(2 * np.pi * right * time)], axis=1)
    return (both * 8000).astype("<i2").tobytes()


class Rig(Protocol):
    """A source and the switch at its other end."""

    collected: Collected
    clock: Clock

    def open(self, call: CallId, first: int = 0, since: float | None = None) -> Source: ...

    def speak(self, call: CallId, data: bytes) -> None:
        """The switch sends these bytes."""

    def stop_sending(self, call: CallId) -> None:
        """The switch stops, as at a call's end."""


class SpoolRig:
    def __init__(self, greenlets: Greenlets, directory: Path) -> None:
        self.collected, self.clock = Collected(), Clock()
        self.spool = Spool(SpoolOptions(directory / "spool", settle=0.0), greenlets, self.clock, self.collected.sink)
        self.spool.start()
        self.paths: dict[CallId, str] = {}

    def open(self, call: CallId, first: int = 0, since: float | None = None) -> Source:
        source = self.spool.open(call, RATE, first, since)
        self.paths[call] = source.target
        return source

    def speak(self, call: CallId, data: bytes) -> None:
        with open(self.paths[call], "ab") as file:
            file.write(data)

    def stop_sending(self, call: CallId) -> None:
        pass


class ForkRig:
    def __init__(self, greenlets: Greenlets) -> None:
        self.collected, self.clock = Collected(), Clock()
        self.server = ForkServer(ForkOptions(), greenlets, self.clock, self.collected.sink)
        self.server.start()
        self.targets: dict[CallId, str] = {}
        self.clients: dict[CallId, ForkClient] = {}

    def open(self, call: CallId, first: int = 0, since: float | None = None) -> Source:
        source = self.server.open(call, RATE, first, since)
        self.targets[call] = source.target
        return source

    def speak(self, call: CallId, data: bytes) -> None:
        if call not in self.clients:
            self.clients[call] = ForkClient(self.targets[call])
            self.clients[call].text('{"call":"x"}')
        self.clients[call].audio(data)

    def stop_sending(self, call: CallId) -> None:
        if call in self.clients:
            self.clients[call].close()


@pytest.fixture(params=["spool", "fork"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    failures: list[BaseException] = []
    greenlets = Greenlets(lambda name, error: failures.append(error))
    made = SpoolRig(greenlets, tmp_path) if request.param == "spool" else ForkRig(greenlets)
    yield made
    if isinstance(made, SpoolRig):
        made.spool.stop()
    else:
        made.server.stop()
        for client in made.clients.values():
            client.drop()
    greenlets.stop()
    assert failures == []


def test_what_is_spoken_arrives_whole_and_in_order(rig: Rig) -> None:
    rig.open(A)
    sent = stereo(400, 1000, RATE)
    for start in range(0, len(sent), 640):
        rig.speak(A, sent[start : start + 640])
    until(lambda: len(rig.collected.audio(A)) == len(sent))
    assert rig.collected.audio(A) == sent
    assert rig.collected.frames[0].first == 0
    assert {frame.rate for frame in rig.collected.frames} == {RATE}


def test_a_tone_on_one_leg_never_shows_on_the_other(rig: Rig) -> None:
    rig.open(A)
    sent = stereo(400, 1000, RATE)
    cut = 3 * 640 + 1
    for part in (sent[:cut], sent[cut : cut + 2], sent[cut + 2 :]):
        rig.speak(A, part)
    until(lambda: len(rig.collected.audio(A)) == len(sent))
    for role, own, other in ((Role.CUSTOMER, 400, 1000), (Role.AGENT, 1000, 400)):
        heard = np.frombuffer(b"".join(frame.leg(role) for frame in rig.collected.frames), "<i2")
        spectrum = np.abs(np.fft.rfft(heard.astype(float)))
        assert spectrum[own] > 1000 * spectrum[other]


def test_bytes_cut_anywhere_are_carried_over(rig: Rig) -> None:
    rig.open(A)
    sent = stereo(300, 700, 800)
    position = 0
    for size in (1, 2, 3, 5, 7, 641, 639):
        rig.speak(A, sent[position : position + size])
        position += size
    rig.speak(A, sent[position:])
    until(lambda: len(rig.collected.audio(A)) == len(sent))
    assert rig.collected.audio(A) == sent


def test_two_calls_are_kept_apart(rig: Rig) -> None:
    rig.open(A)
    rig.open(B)
    one, two = stereo(300, 500, 1600), stereo(900, 1100, 1600)
    for start in range(0, len(one), 640):
        rig.speak(A, one[start : start + 640])
        rig.speak(B, two[start : start + 640])
    until(lambda: len(rig.collected.audio(A)) == len(one) and len(rig.collected.audio(B)) == len(two))
    assert rig.collected.audio(A) == one
    assert rig.collected.audio(B) == two


def test_the_first_half_second_in_one_piece_is_taken(rig: Rig) -> None:
    rig.open(A)
    sent = stereo(300, 700, RATE // 2)
    rig.speak(A, sent)
    until(lambda: len(rig.collected.audio(A)) == len(sent))
    assert rig.collected.audio(A) == sent


def test_the_end_is_told_once_with_everything_before_it(rig: Rig) -> None:
    source = rig.open(A)
    sent = stereo(300, 700, 4800)
    rig.speak(A, sent)
    rig.stop_sending(A)
    source.finish()
    source.finish()
    until(lambda: rig.collected.ends)
    rig.clock.now += 5
    assert rig.collected.ends == [(A, 4800)]
    assert rig.collected.audio(A) == sent
    source.acknowledge(4800)


def test_audio_that_never_comes_is_told_late(rig: Rig) -> None:
    rig.open(A)
    rig.clock.now += 1.6
    until(lambda: rig.collected.gaps)
    (gap,) = rig.collected.gaps
    assert (gap.call, gap.first, gap.end, gap.reason, gap.role) == (A, 0, 12000, "audio-late", None)


def test_each_pause_is_told_late_once(rig: Rig) -> None:
    rig.open(A)
    for expected in (1, 2):
        before = len(rig.collected.audio(A))
        rig.speak(A, stereo(300, 700, 160))
        until(lambda before=before: len(rig.collected.audio(A)) > before)  # type: ignore[misc]
        for _ in range(3):
            rig.clock.now += 2
            until(lambda expected=expected: len(rig.collected.gaps) == expected)  # type: ignore[misc]
    assert [gap.first for gap in rig.collected.gaps] == [160, 320]


def test_a_call_is_not_opened_twice(rig: Rig) -> None:
    rig.open(A)
    with pytest.raises(ValueError, match=A):
        rig.open(A)


def test_a_source_opened_for_a_later_sample_counts_from_there(rig: Rig) -> None:
    source = rig.open(A)
    sent = stereo(300, 700, 1600)
    if isinstance(rig, SpoolRig):
        rig.speak(A, sent)
        until(lambda: rig.collected.audio(A))
        rig.spool.stop()
        rig.collected.frames.clear()
        resumed = rig.open(A, first=1000)
        until(lambda: resumed.samples == 1600)
        assert rig.collected.audio(A) == sent[4000:]
    else:
        assert isinstance(rig, ForkRig)
        rig.server.forget(source)  # type: ignore[arg-type]
        resumed = rig.open(A, first=1000)
        rig.speak(A, sent)
        until(lambda: resumed.samples == 2600)
    assert rig.collected.frames[0].first == 1000
