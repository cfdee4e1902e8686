"""Requests that begin in turn: who stands in which line, and what the hub does in between."""

from itertools import pairwise
from typing import Any

import gevent
import pytest
from gevent.event import Event

from eslbot.supervise.web.turns import Turns

KNOWN = "k" * 43


class Rig:
    def __init__(self, most: int = 4, pages: int = 100) -> None:
        self.order: list[str] = []
        self.refused: list[str] = []
        self.let = Event()
        self.turns = Turns(self.application, {KNOWN, "eslbot_token"}.__contains__, self.refused.append, most, pages)

    def application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.order.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/waits":
            self.let.wait()
        start_response("200 OK", [])
        return [b"here"]

    def ask(self, path: str, method: str = "GET", **headers: str) -> "gevent.Greenlet[str]":
        def run() -> str:
            said: list[Any] = []
            environ = {"PATH_INFO": path, "REQUEST_METHOD": method, **headers}
            list(self.turns(environ, lambda status, headers: said.extend([status, dict(headers)])))
            return f"{said[0]} {said[1].get('Retry-After', '')}".strip()

        return gevent.spawn(run)


def test_between_two_requests_that_begin_the_hub_does_what_else_is_due() -> None:
    rig = Rig(100)
    asked = [rig.ask(f"/{n}") for n in range(20)]

    def else_due() -> None:
        while not all(one.ready() for one in asked):
            rig.order.append("else")
            gevent.sleep(0)

    gevent.spawn(else_due)
    gevent.joinall(asked, timeout=10, raise_error=True)
    pages = [n for n, what in enumerate(rig.order) if what != "else"]
    assert all(later - earlier > 1 for earlier, later in pairwise(pages))
    assert [rig.order[n] for n in pages] == [f"/{n}" for n in range(20)]


@pytest.mark.parametrize("known", [
    {"HTTP_COOKIE": f"a=b; eslbot={KNOWN}"}, {"HTTP_COOKIE": f"__Host-eslbot={KNOWN}"},
    {"HTTP_AUTHORIZATION": "Bearer eslbot_token"}])
def test_a_button_of_somebody_known_waits_behind_no_crowd(known: dict[str, str]) -> None:
    rig = Rig(1000, pages=1000)
    pages = [rig.ask("/page", HTTP_COOKIE=f"eslbot={KNOWN}") for _ in range(100)]
    strangers = [rig.ask("/nobody", "POST", HTTP_COOKIE="eslbot=" + "x" * 43) for _ in range(100)]
    button = rig.ask("/button", "POST", **known)
    assert button.get(timeout=10) == "200 OK"
    assert rig.order.index("/button") < 6
    gevent.joinall([*pages, *strangers], timeout=10, raise_error=True)


def test_of_nobody_known_so_many_are_within_and_the_next_is_told_when_to_come_again() -> None:
    rig = Rig(most=4)
    strangers = [rig.ask("/waits") for _ in range(10)]
    known = rig.ask("/page", HTTP_COOKIE=f"eslbot={KNOWN}")
    assert known.get(timeout=10) == "200 OK"
    gevent.joinall(strangers[4:], timeout=10, raise_error=True)
    rig.let.set()
    gevent.joinall(strangers, timeout=10, raise_error=True)
    assert [one.value for one in strangers] == ["200 OK"] * 4 + ["503 Service Unavailable 2"] * 6
    assert rig.refused == ["strangers"] * 6


def test_one_address_takes_no_more_than_half_of_what_strangers_may_have() -> None:
    rig = Rig(most=8)
    flood = [rig.ask("/waits", REMOTE_ADDR="192.0.2.1") for _ in range(20)]
    other = rig.ask("/page", REMOTE_ADDR="192.0.2.2")
    assert other.get(timeout=10) == "200 OK"
    gevent.joinall(flood[4:], timeout=10, raise_error=True)
    assert {one.value for one in flood[4:]} == {"503 Service Unavailable 2"}
    rig.let.set()
    gevent.joinall(flood, timeout=10, raise_error=True)
    assert not rig.turns._from


def test_pages_of_people_who_are_in_leave_room_for_their_acts() -> None:
    rig = Rig(pages=3)
    known = {"HTTP_COOKIE": f"eslbot={KNOWN}"}
    pages = [rig.ask("/waits", **known) for _ in range(5)]
    acts = [rig.ask("/act", "POST", **known) for _ in range(10)]
    gevent.joinall([*acts, *pages[3:]], timeout=10, raise_error=True)
    assert {one.value for one in acts} == {"200 OK"}
    assert [one.value for one in pages[3:]] == ["503 Service Unavailable 2"] * 2
    assert rig.refused == ["pages"] * 2
    rig.let.set()
    gevent.joinall(pages, timeout=10, raise_error=True)


def test_one_that_waits_for_something_else_keeps_nobody_waiting() -> None:
    rig = Rig()
    waits = rig.ask("/waits")
    assert rig.ask("/next").get(timeout=10) == "200 OK"
    rig.let.set()
    assert waits.get(timeout=10) == "200 OK"


def test_one_that_gives_up_in_line_leaves_its_place() -> None:
    rig = Rig()
    first, second = rig.ask("/first"), rig.ask("/second")
    gevent.sleep(0)
    second.kill()
    assert first.get(timeout=10) == "200 OK"
    assert rig.ask("/third").get(timeout=10) == "200 OK"
    assert rig.turns._strangers.within == 0
