"""What is read off the rooms, of rooms that are there only when somebody asks."""

from types import SimpleNamespace
from typing import Any

import pytest

from eslbot.listen.client import address
from eslbot.listen.endpoint import Endpoint
from eslbot.service.readings import checks, readings, workers

NOWHERE = address("ws://127.0.0.1:1")


@pytest.fixture
def rooms() -> Any:
    return SimpleNamespace(
        desk=SimpleNamespace(states=lambda: [1, 2]), greenlets=SimpleNamespace(names=["a"]), spool=None, source=None,
        store=SimpleNamespace(waiting=3, down=False), trail=SimpleNamespace(waiting=4), webhook=None,
        recogniser=SimpleNamespace(ready=True, fleet=SimpleNamespace(endpoints=[])),
        front=SimpleNamespace(
            appealing=SimpleNamespace(standing=lambda: (7, 2)),
            web=SimpleNamespace(taken={"live-pages": 1}, refused={"strangers": 2})),
        links={"pbx": SimpleNamespace(up=True), "spare": SimpleNamespace(up=True)},
    )


def test_a_recogniser_that_retires_is_no_ready_one_and_none_is_forgotten() -> None:
    fleet = [Endpoint("a", NOWHERE, ready=True), Endpoint("b", NOWHERE, ready=True, retiring=True),
             Endpoint("c", NOWHERE), Endpoint("d", NOWHERE, retiring=True)]
    assert workers(fleet) == {"ready": 1, "retiring": 2, "down": 1}


def test_readings_tell_how_things_are_when_they_are_asked(rooms: Any) -> None:
    asked = readings(rooms)
    assert (asked.calls_active(), asked.spool_bytes(), asked.refusals(), asked.appeals()) == (2, 0, {}, (7, 2))
    assert (asked.web(), asked.web_refusals()) == ({"live-pages": 1}, {"strangers": 2})
    assert asked.queues() == {"store": 3, "webhook": 0, "audit": 4}
    rooms.webhook, rooms.spool = SimpleNamespace(waiting=5), SimpleNamespace(bytes=4096)
    assert (asked.queues()["webhook"], asked.spool_bytes()) == (5, 4096)


def test_each_switchs_link_is_a_check_of_its_own(rooms: Any) -> None:
    asked = checks(rooms, ["pbx", "spare"])
    assert {name: check() for name, check in asked.items()} == dict.fromkeys(
        ["link pbx", "link spare", "recogniser", "store"])
    rooms.links["spare"].up, rooms.store.down, rooms.recogniser.ready = False, True, False
    assert {name for name, check in asked.items() if check() is not None} == {"link spare", "recogniser", "store"}
