"""What calls left behind is sealed once every switch has told what is up, and never while its call is heard."""

from typing import Any

import gevent
import pytest

from eslbot.listen.spool_files import Leftover
from eslbot.model.call import CallId
from eslbot.service.hearing import leftovers
from eslbot.service.hearing.leftovers import Leftovers
from tests.words import AGENT, CUSTOMER, SUPERVISOR

KNOWN = CallId("77777777-7777-4777-8777-777777777777")
"""A call that is up and not heard again yet."""


class World:
    """A vault, a spool and ears, as far as leftovers look at them."""

    def __init__(self) -> None:
        self.sealed: list[tuple[str, int]] = []
        self.rate = 16000

    def live(self) -> list[CallId]:
        return [CallId(CUSTOMER), CallId(AGENT), KNOWN]

    def leftovers(self) -> list[Leftover]:
        return [Leftover(AGENT, 10, 40), Leftover(SUPERVISOR, 10, 40)]

    def open(self, *_: Any) -> "World":
        return self

    def hears(self, call: CallId) -> bool:
        return call == CUSTOMER

    def seal_leftover(self, call: CallId, rate: int) -> None:
        self.sealed.append((call, rate))


def made(world: Any, *switches: str) -> Leftovers:
    return Leftovers(switches, world, world, world, lambda: 1.0, lambda call: call == KNOWN)


def test_it_waits_for_every_switch_and_leaves_what_is_heard_alone() -> None:
    world = World()
    left = made(world, "a", "b")
    run = gevent.Greenlet(left.run)
    run.start()
    left.seen("a")
    gevent.sleep(0.01)
    assert world.sealed == []
    left.seen("b")
    run.join(5)
    assert world.sealed == [(AGENT, 16000), (SUPERVISOR, 16000)]


def test_a_switch_that_stays_away_does_not_keep_it_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE", 0.01)
    world = World()
    made(world, "a").run()
    assert len(world.sealed) == 2
