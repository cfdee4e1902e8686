"""The audio fork beyond what every source must do: strangers, floods, half-open handshakes, and lost connections."""

import os
import struct
from collections.abc import Iterator

import gevent
import gevent.socket
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.greenlets import Greenlets
from eslbot.listen.fork import ForkOptions, ForkServer
from eslbot.model.call import CallId
from tests.listen.collected import Clock, Collected, until
from tests.listen.fork_client import ForkClient

CALL = CallId("7c1d6a52-0000-4000-8000-000000000001")
RATE = 8000


class Rig:
    def __init__(self, **options: float) -> None:
        self.collected, self.clock = Collected(), Clock()
        self.failures: list[BaseException] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append(error))
        self.server = ForkServer(
            ForkOptions(**options),  # type: ignore[arg-type]
            self.greenlets,
            self.clock,
            self.collected.sink,
        )
        self.server.start()
        self.source = self.server.open(CALL, RATE)
        self.clients: list[ForkClient] = []

    def connect(self, target: str = "", **how: None) -> ForkClient:
        client = ForkClient(target or self.source.target, **how)
        self.clients.append(client)
        return client

    def raw(self, data: bytes) -> gevent.socket.socket:
        sock = gevent.socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        sock.sendall(data)
        return sock

    def stop(self) -> None:
        self.server.stop()
        for client in self.clients:
            client.drop()
        self.greenlets.stop()


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.stop()
    assert made.failures == []


def request(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(opcode: int, payload: bytes, mask: bytes | None = b"\0\0\0\0", claims: int | None = None) -> bytes:
    """A frame with a 64-bit length, whatever its size; `claims`: another length than it has."""
    size = len(payload) if claims is None else claims
    return struct.pack(">BBQ", 0x80 | opcode, 127 | (0x80 if mask else 0), size) + (mask or b"") + payload


def test_the_text_first_is_kept_as_metadata_and_never_taken_for_audio(rig: Rig) -> None:
    client = rig.connect()
    assert client.protocol.subprotocol == "audio.drachtio.org"
    client.text('{"leg":"a"}')
    client.text("more")
    client.audio(bytes(640))
    until(lambda: rig.source.samples == 160)
    assert rig.source.metadata == '{"leg":"a"}'


def test_a_client_without_the_subprotocol_is_served(rig: Rig) -> None:
    client = rig.connect(subprotocols=None)
    assert client.protocol.subprotocol is None
    client.audio(bytes(640))
    until(lambda: rig.source.samples == 160)


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
    assert rig.connect(f"{base}/{wrong}").status == 403
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


def test_audio_in_fragments_with_a_ping_between_is_whole(rig: Rig) -> None:
    client = rig.connect()
    sent = os.urandom(960)
    client.audio(sent[:321], fin=False)
    client.protocol.send_ping(b"there?")
    client.audio(sent[321:640], fin=False)
    client.audio(sent[640:], fin=True)
    until(lambda: rig.source.samples == 240)
    assert rig.collected.audio(CALL) == sent


def test_an_unmasked_frame_closes_with_1002(rig: Rig) -> None:
    client = rig.connect()
    client.sock.sendall(frame(2, bytes(640), mask=None))
    assert client.closed() == 1002


def test_a_frame_that_claims_a_gigabyte_closes_with_1009_at_once(rig: Rig) -> None:
    client = rig.connect()
    client.sock.sendall(frame(2, bytes(64), claims=1 << 30))
    assert client.closed() == 1009
    assert rig.source.samples == 0


def test_fragments_without_end_close_with_1009(rig: Rig) -> None:
    client = rig.connect()
    client.audio(bytes(40_000), fin=False)
    client.audio(bytes(40_000), fin=False)
    assert client.closed() == 1009


def test_text_that_is_not_utf8_harms_nothing(rig: Rig) -> None:
    client = rig.connect()
    client.sock.sendall(frame(1, b"\xff\xfe"))
    client.audio(bytes(640))
    until(lambda: rig.source.samples == 160)
    assert rig.source.metadata == "\ufffd\ufffd"


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    rig = Rig(handshake_within=0.1)
    sock = rig.raw(request("/x")[:-2])
    with gevent.Timeout(10):
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
        with gevent.Timeout(10):
            assert sock.recv(100).startswith(b"HTTP/1.1 503")
        sock.close()
    for sock in idle:
        sock.close()
    until(lambda: not rig.server._connections)
    assert rig.connect().status == 101
    rig.stop()


def test_frames_sent_before_the_answer_are_not_taken(rig: Rig) -> None:
    path = "/" + rig.source.target.split("/", 3)[3]
    sock = rig.raw(request(path) + frame(2, bytes(640)))
    with gevent.Timeout(10):
        while sock.recv(1000):
            pass
    sock.close()
    assert rig.source.samples == 0
    assert rig.connect().status == 101


@settings(max_examples=60, deadline=None)
@given(garbage=st.binary(min_size=1, max_size=300), after=st.sampled_from(["connect", "handshake"]))
def test_garbage_at_any_point_leaves_the_server_serving(garbage: bytes, after: str) -> None:
    rig = Rig(handshake_within=1.0)
    if after == "connect":
        sock = rig.raw(garbage)
        sock.shutdown(1)
        with gevent.Timeout(10):
            while sock.recv(1000):
                pass
        sock.close()
    else:
        client = rig.connect()
        client.sock.sendall(garbage)
        client.drop()
        until(lambda: rig.source.connection is None)
    rig.clock.now += 2
    honest = rig.connect()
    assert honest.status == 101
    honest.audio(b"\5" * 640)
    until(lambda: rig.collected.frames and rig.collected.frames[-1].stereo.endswith(b"\5" * 600))
    rig.stop()
    assert rig.failures == []
