"""The inside that replaces greenswitch's, on a bare pair of sockets."""

from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent import socket

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.switch.codec import Frame, encode_event
from eslbot.switch.link import LinkDown, Unanswered
from eslbot.switch.link.hosted import Hosted
from tests.switch.link.fake import A, answer, event, reply


class Bare(Hosted):
    def __init__(self, sock: Any, greenlets: Greenlets) -> None:
        self.events: list[Frame] = []
        self.closed: list[str] = []
        self.sock, self.connected = sock, True
        self._host("bare", greenlets, SteadyClock(), self.events.append, self.closed.append)
        self.start_event_handlers()


class Ends:
    def __init__(self) -> None:
        mine, self.peer = socket.socketpair()
        self.greenlets = Greenlets()
        self.hosted = Bare(mine, self.greenlets)

    def until_closed(self) -> str:
        with gevent.Timeout(30):
            while not self.hosted.closed:
                gevent.sleep(0.001)
        assert not self.hosted.connected
        (reason,) = self.hosted.closed
        return reason


@pytest.fixture
def ends() -> Iterator[Ends]:
    both = Ends()
    yield both
    both.hosted.fail("the test is over")
    both.peer.close()
    both.greenlets.stop()


def test_answers_go_to_whom_they_belong_though_events_come_between(ends: Ends) -> None:
    first, second = ends.hosted.post("api one"), ends.hosted.post("api two")
    hold = encode_event(event("CHANNEL_HOLD", A), "json")
    ends.peer.sendall(hold + answer("1") + hold + answer("2"))
    assert [ends.hosted.wait(waiter, 10).reply for waiter in (first, second)] == ["1", "2"]
    assert len(ends.hosted.events) == 2
    assert ends.peer.recv(1000) == b"api one\n\napi two\n\n"


def test_an_answer_to_nothing_closes_the_connection_and_does_not_crash_the_reader(ends: Ends) -> None:
    ends.peer.sendall(reply("+OK") + encode_event(event("CHANNEL_HOLD", A), "json"))
    assert "answer to nothing" in ends.until_closed()
    assert ends.hosted.events == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "closed by the switch"),
        (b"Content-Type: api/resp", "in the middle"),
        (b"Content-Type: api/response\nContent-Length: 5\n\nab", "in the middle"),
        (b"no header\n\n", "protocol error"),
        (b"Content-Type: api/response\nContent-Length: -5\n\n", "protocol error"),
        (b"Content-Type: text/disconnect-notice\nContent-Length: 0\n\n", "closed by the switch"),
        (b"Content-Type: text/rude-rejection\nContent-Length: 0\n\n", "access list"),
    ],
)
def test_every_kind_of_end_has_its_reason_and_releases_who_waits(ends: Ends, data: bytes, reason: str) -> None:
    waiter = ends.hosted.post("api never")
    assert ends.peer.recv(100)
    ends.peer.sendall(data)
    ends.peer.close()
    assert reason in ends.until_closed()
    with pytest.raises(Unanswered):
        ends.hosted.wait(waiter, 10)
    with pytest.raises(LinkDown):
        ends.hosted.send("api more")


def test_frames_before_the_error_are_still_delivered(ends: Ends) -> None:
    waiter = ends.hosted.post("api one")
    ends.peer.sendall(answer("1") + b"rubbish\n\n")
    assert ends.hosted.wait(waiter, 10).reply == "1"
    assert "protocol error" in ends.until_closed()


def test_a_lingering_session_stays_open(ends: Ends) -> None:
    waiter = ends.hosted.post("api one")
    notice = b"Content-Type: text/disconnect-notice\nContent-Disposition: linger\nContent-Length: 2\n\nxy"
    ends.peer.sendall(notice + b"Content-Type: log/data\nContent-Length: 3\n\nabc" + answer("1"))
    assert ends.hosted.wait(waiter, 10).reply == "1"
    assert ends.hosted.connected


def test_a_sender_that_is_stopped_halfway_closes_the_connection(ends: Ends) -> None:
    sender = gevent.spawn(ends.hosted.send, "api " + "x" * 30_000_000, timeout=60)
    queued = gevent.spawn(ends.hosted.send, "api next", timeout=60)
    gevent.sleep(0.05)
    sender.kill()
    assert "stopped while sending" in ends.until_closed()
    with pytest.raises(LinkDown):  # it was never sent
        queued.get(timeout=30)


def test_a_caller_that_gives_up_leaves_the_order_of_answers_alone(ends: Ends) -> None:
    impatient = gevent.spawn(ends.hosted.send, "api one", timeout=60)
    gevent.sleep(0.01)
    impatient.kill()
    waiter = ends.hosted.post("api two")
    ends.peer.sendall(answer("1") + answer("2"))
    assert ends.hosted.wait(waiter, 10).reply == "2"


def test_a_second_failure_tells_nobody_again(ends: Ends) -> None:
    ends.hosted.fail("first")
    ends.hosted.fail("second")
    assert ends.until_closed() == "first"
