"""One greenlet reads for all: what arrives is taken, what fails ends nothing, what was closed is left alone."""

import socket
from collections.abc import Iterator

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.listen.reading import Reading
from tests.listen.collected import until


class Rig:
    def __init__(self) -> None:
        self.failures: list[str] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append(f"{name}: {error}"))
        self.reading = Reading(self.greenlets)
        self.pairs: list[tuple[socket.socket, socket.socket]] = []

    def pair(self) -> tuple[socket.socket, socket.socket]:
        near, far = socket.socketpair()
        near.setblocking(False)
        self.pairs.append((near, far))
        return near, far


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.greenlets.stop()
    for near, far in made.pairs:
        near.close()
        far.close()


def test_one_greenlet_takes_what_arrives_on_all_of_them(rig: Rig) -> None:
    taken: list[bytes] = []
    watches = []
    for _ in range(5):
        near, _far = rig.pair()
        watches.append(rig.reading.watch(near.fileno(), lambda near=near: taken.append(near.recv(9))))  # type: ignore[misc]
    for number, (_, far) in enumerate(rig.pairs):
        far.send(b"%d" % number)
    until(lambda: len(taken) == 5)
    assert sorted(taken) == [b"0", b"1", b"2", b"3", b"4"]
    assert rig.greenlets.names == ["recogniser-answers"]
    rig.pairs[2][1].send(b"again")
    until(lambda: taken[-1] == b"again")
    for watch in watches:
        watch.close()


def test_one_that_fails_is_told_and_the_others_go_on(rig: Rig) -> None:
    bad, far_of_bad = rig.pair()
    good, far_of_good = rig.pair()
    taken: list[bytes] = []

    def fail() -> None:
        bad.recv(9)
        raise LookupError("no such thing")

    watches = [
        rig.reading.watch(bad.fileno(), fail),
        rig.reading.watch(good.fileno(), lambda: taken.append(good.recv(9))),
    ]
    far_of_bad.send(b"x")
    far_of_good.send(b"y")
    until(lambda: taken)
    assert rig.failures == ["recogniser-answers: no such thing"]
    for watch in watches:
        watch.close()


def test_nothing_is_taken_after_a_watch_was_closed_not_even_what_had_arrived(rig: Rig) -> None:
    near, far = rig.pair()
    taken: list[bytes] = []
    watch = rig.reading.watch(near.fileno(), lambda: taken.append(near.recv(9)))
    far.send(b"x")
    watch.due()
    watch.close()
    watch.close()
    gevent.sleep(0.02)
    assert taken == []


def test_where_the_greenlets_have_ended_nothing_can_be_watched(rig: Rig) -> None:
    rig.greenlets.stop()
    near, _ = rig.pair()
    with pytest.raises(RuntimeError):
        rig.reading.watch(near.fileno(), lambda: None)
