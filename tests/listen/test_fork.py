"""The audio fork beyond what every source must do: strangers, floods, half-open handshakes, and lost connections."""

from collections.abc import Iterator

import gevent
import gevent.socket
import pytest

from eslbot.model.call import CallId
from tests.listen.collected import until
from tests.listen.fork_rig import CALL, RATE, Rig, request


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.stop()
    assert made.failures == []


@pytest.mark.parametrize("change", ["x", "", "no-token", "other-call", "upper"])
def test_without_the_calls_own_token_there_is_nothing(rig: Rig, change: str) -> None:
    base, call, token = rig.source.target.rsplit("/", 2)
    other = rig.server.open(CallId("other"), RATE)
    wrong = {
        "x": f"{call}/{token}x",
        "": f"{call}/",
        "no-token": call,
        "other-call": f"{call}/{other.target.rsplit('/', 1)[1]}",
        "upper": f"{call}/{token.swapcase()}",
    }[change]
    stranger = rig.connect(f"{base}/{wrong}")
    assert stranger.status == 403
    stranger.drop()
    until(lambda: rig.server.refused == {"refused": 1})
    assert rig.connect().status == 101


def test_a_second_connection_of_a_live_call_is_refused(rig: Rig) -> None:
    first = rig.connect()
    first.audio(bytes(640))
    until(lambda: rig.source.samples == 160)
    assert rig.connect().status == 409
    first.audio(bytes(640))
    until(lambda: rig.source.samples == 320)


def test_a_connection_that_fell_silent_gives_way_to_a_new_one(rig: Rig) -> None:
    first = rig.connect()
    first.audio(bytes(640))
    until(lambda: rig.source.samples == 160)
    rig.clock.now += 2
    second = rig.connect()
    assert second.status == 101
    assert first.closed() == 1001
    second.audio(b"\1" * 640)
    until(lambda: rig.collected.audio(CALL).endswith(b"\1" * 640))


def test_a_reconnect_counts_what_was_missed_and_keeps_indices_true(rig: Rig) -> None:
    first = rig.connect()
    first.audio(b"\1" * 640 + b"\7\7\7")
    until(lambda: rig.source.samples == 160)
    first.drop()
    until(lambda: rig.source.connection is None)
    rig.clock.now += 1.0
    second = rig.connect()
    second.audio(b"\2" * 640)
    until(lambda: rig.collected.audio(CALL).endswith(b"\2" * 640))
    (gap,) = rig.collected.gaps
    assert (gap.first, gap.end, gap.reason) == (160, RATE, "source")
    assert rig.collected.audio(CALL) == b"\1" * 640 + bytes((RATE - 160) * 4) + b"\2" * 640
    assert rig.source.samples == RATE + 160


def test_after_our_restart_the_downtime_is_a_gap(rig: Rig) -> None:
    source = rig.server.open(CallId("restarted"), RATE, first=4000, since=rig.clock.now - 2)
    rig.connect(source.target).audio(bytes(640))
    until(lambda: rig.collected.gaps)
    (gap,) = rig.collected.gaps
    assert (gap.first, gap.end, gap.reason) == (4000, 4000 + 2 * RATE - 160, "restart")
    assert source.samples == 4000 + 2 * RATE


def test_a_finished_calls_url_is_void(rig: Rig) -> None:
    client = rig.connect()
    client.audio(bytes(640))
    until(lambda: rig.source.samples == 160)
    rig.source.finish()
    rig.clock.now += 1
    assert client.closed() == 1000
    assert rig.collected.ends == [(CALL, 160)]
    assert rig.connect().status == 403


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    rig = Rig(handshake_within=0.1)
    sock = rig.raw(request("/x")[:-2])
    with gevent.Timeout(30):
        assert sock.recv(100) == b""
    sock.close()
    until(lambda: rig.server.refused.get("slow-handshake") == 1)
    rig.stop()


def test_connections_beyond_the_cap_are_turned_away_and_the_rest_served() -> None:
    rig = Rig(max_connections=3)
    idle = [rig.raw(b"GET / HTTP/1.1\r\n") for _ in range(3)]
    until(lambda: len(rig.server._connections) == 3)
    for _ in range(20):
        sock = rig.raw(b"")
        with gevent.Timeout(30):
            assert sock.recv(100).startswith(b"HTTP/1.1 503")
        sock.close()
    for sock in idle:
        sock.close()
    until(lambda: not rig.server._connections)
    assert rig.connect().status == 101
    rig.stop()
