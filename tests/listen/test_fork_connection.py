"""One connection's bytes: fragments, pings, bad masks, giants and garbage."""

import os
from collections.abc import Iterator

import gevent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.listen.collected import until
from tests.listen.fork_rig import CALL, Rig, frame, request


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.stop()
    assert made.failures == []


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


def test_frames_sent_before_the_answer_are_not_taken(rig: Rig) -> None:
    path = "/" + rig.source.target.split("/", 3)[3]
    sock = rig.raw(request(path) + frame(2, bytes(640)))
    with gevent.Timeout(30):
        while sock.recv(1000):
            pass
    sock.close()
    assert rig.source.samples == 0
    assert rig.connect().status == 101


def test_bytes_after_a_request_that_is_refused_anyway_make_no_trouble(rig: Rig) -> None:
    sock = rig.raw(b"POST / HTTP/1.1\r\nHost: a\r\n\r\n\r\nhello")
    with gevent.Timeout(30):
        while sock.recv(1000):
            pass
    sock.close()
    assert rig.connect().status == 101


@settings(max_examples=60, deadline=None)
@given(garbage=st.binary(min_size=1, max_size=300), after=st.sampled_from(["connect", "handshake"]))
def test_garbage_at_any_point_leaves_the_server_serving(garbage: bytes, after: str) -> None:
    rig = Rig(handshake_within=1.0)
    if after == "connect":
        sock = rig.raw(garbage)
        sock.shutdown(1)
        with gevent.Timeout(30):
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
