"""The audio fork, to a WebSocket server and to none."""

from collections.abc import Iterator

import gevent
import numpy as np
import pytest
from gevent import socket
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from eslbot.greenlets import Greenlets
from eslbot.sim.fork import SUBPROTOCOL, AudioFork, ForkError

FRAME = np.full(160, 3, np.int16)


class Far:
    """A WebSocket server for one connection."""

    def __init__(self, greenlets: Greenlets, accept: bool = True) -> None:
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.door.listen()
        self.url = f"ws://127.0.0.1:{self.door.getsockname()[1]}/audio?x=1"
        self.path = ""
        self.frames: list[tuple[Opcode, bytes]] = []
        self.link: socket.socket | None = None
        self._accept = accept
        greenlets.spawn("far", self._run)

    def _run(self) -> None:
        self.link, _ = self.door.accept()
        protocol = ServerProtocol(subprotocols=[SUBPROTOCOL] if self._accept else None)
        try:
            self._serve(protocol, self.link)
        finally:
            self.link.close()

    def _serve(self, protocol: ServerProtocol, link: socket.socket) -> None:
        while data := link.recv(65536):
            protocol.receive_data(data)
            for event in protocol.events_received():
                if isinstance(event, Request):
                    self.path = event.path
                    protocol.send_response(protocol.accept(event))
                else:
                    self.frames.append((event.opcode, bytes(event.data)))
            link.sendall(b"".join(protocol.data_to_send()))


@pytest.fixture
def far(greenlets: Greenlets) -> Iterator[Far]:
    server = Far(greenlets)
    yield server
    server.door.close()


def until(condition: object) -> None:
    with gevent.Timeout(30):
        while not condition():  # type: ignore[operator]
            gevent.sleep(0.005)


def feed(fork: AudioFork, frames: int = 1) -> None:
    for _ in range(frames):
        fork.tap_write(FRAME + np.int16(1))
        fork.tap_read(FRAME)


def test_metadata_then_a_frame_for_every_20_ms_then_a_close(greenlets: Greenlets, far: Far) -> None:
    told: list[str] = []
    fork = AudioFork("bug", far.url, "stereo", '{"call":"x"}', greenlets, lambda what, body: told.append(what))
    until(lambda: told == ["connect"])
    assert far.path == "/audio?x=1"
    feed(fork, 3)
    fork.close()
    until(lambda: len(far.frames) == 5)
    assert far.frames[0] == (Opcode.TEXT, b'{"call":"x"}')
    assert [kind for kind, _ in far.frames] == [Opcode.TEXT, *[Opcode.BINARY] * 3, Opcode.CLOSE]
    assert {len(data) for _, data in far.frames[1:4]} == {640}
    assert far.frames[1][1][:4] == b"\3\0\4\0"
    gevent.sleep(0.05)
    assert told == ["connect"], "an end of our own making is not told"


def test_what_came_before_the_connection_is_sent_after_it(greenlets: Greenlets, far: Far) -> None:
    fork = AudioFork("bug", far.url, "stereo", "", greenlets, lambda what, body: None)
    feed(fork, 4)
    until(lambda: fork._connected)
    feed(fork)
    until(lambda: len(far.frames) == 5)


@pytest.mark.parametrize(("mix", "bytes_"), [("mono", 320), ("mixed", 320)])
def test_one_channel(greenlets: Greenlets, far: Far, mix: str, bytes_: int) -> None:
    fork = AudioFork("bug", far.url, mix, "", greenlets, lambda what, body: None)
    until(lambda: fork._connected)
    feed(fork)
    until(lambda: far.frames)
    assert far.frames[0] == (Opcode.BINARY, (np.full(160, 3 if mix == "mono" else 7, "<i2")).tobytes())
    assert len(far.frames[0][1]) == bytes_


def test_a_far_end_that_goes_away_is_told(greenlets: Greenlets, far: Far) -> None:
    told: list[str] = []
    AudioFork("bug", far.url, "stereo", "", greenlets, lambda what, body: told.append(what))
    until(lambda: told == ["connect"])
    assert far.link is not None
    far.link.shutdown(2)
    until(lambda: told == ["connect", "disconnect"])


def test_a_far_end_that_is_too_slow_loses_what_gathered(greenlets: Greenlets, far: Far) -> None:
    told: list[str] = []
    fork = AudioFork("bug", far.url, "stereo", "", greenlets, lambda what, body: told.append(what))
    until(lambda: told == ["connect"])
    feed(fork, 150)  # without letting the connection's greenlet run
    assert told == ["connect", "buffer_overrun"]
    assert len(fork._queue) == 50


@pytest.mark.parametrize("how", ["nobody", "no subprotocol", "no websocket", "closed"])
def test_a_connection_that_fails_is_told(greenlets: Greenlets, how: str) -> None:
    told: list[tuple[str, str]] = []
    far = Far(greenlets, accept=False)
    url = far.url
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if how != "no subprotocol":
            url = f"ws://127.0.0.1:{door.getsockname()[1]}/x"

        def answer() -> None:
            link, _ = door.accept()
            with link:
                link.recv(1000)
                if how == "no websocket":
                    link.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        if how in ("no websocket", "closed"):
            door.listen()
            greenlets.spawn("door", answer)
        AudioFork("bug", url, "stereo", "", greenlets, lambda what, body: told.append((what, body)))
        until(lambda: told)
    far.door.close()
    assert told == [("connect_failed", '{"reason":"Unable to connect"}')]


@pytest.mark.parametrize(("url", "mix"), [("http://x", "stereo"), ("wss://x/", "stereo"), ("ws://x/", "quadro")])
def test_what_cannot_be_is_refused(greenlets: Greenlets, url: str, mix: str) -> None:
    with pytest.raises(ForkError):
        AudioFork("bug", url, mix, "", greenlets, lambda what, body: None)
