import time
from collections.abc import Iterator

import gevent
import pytest

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.model.call import LegId
from eslbot.switch.codec import Command, Frame, event_of
from eslbot.switch.commands import MINIMUM_API
from eslbot.switch.facts import EVENTS
from eslbot.switch.link import LinkOptions, Unanswered
from eslbot.switch.link import pair as module
from eslbot.switch.link.connections import CredentialsRefused
from eslbot.switch.link.pair import Pair
from tests.switch.link.fake import CORE, DEADLINE, PASSWORD, A, B, C, FakeSwitch, answer, event, leg


class Both:
    """A fake switch and an open pair of connections to it."""

    def __init__(self, queue: int = 1000) -> None:
        self.switch = FakeSwitch()
        self.greenlets = Greenlets()
        options = LinkOptions("pbx", "127.0.0.1", self.switch.port, PASSWORD, queue=queue)
        self.pair = Pair(options, self.greenlets, SteadyClock())

    def until_lost(self) -> str:
        with gevent.Timeout(DEADLINE):
            while self.pair.inbox.get() is not None:
                pass
        assert not self.pair.alive
        return self.pair.reason


@pytest.fixture
def both() -> Iterator[Both]:
    it = Both()
    yield it
    it.pair.close()
    it.switch.stop()
    it.greenlets.stop()


def test_events_come_by_one_connection_and_commands_go_by_the_other(both: Both) -> None:
    both.pair.open()
    assert both.pair.send("api echo x").text == "x"
    assert len(both.switch.sockets) == 2
    assert len(both.switch.listeners) == 1
    both.switch.emit(event("CHANNEL_HOLD", A))
    item = both.pair.inbox.get(timeout=30)
    assert isinstance(item, Frame)
    assert event_of(item)["Event-Name"] == "CHANNEL_HOLD"
    subscribed = [line for line in both.switch.heard if line.startswith("event ")]
    assert subscribed[0] == "event json " + " ".join(EVENTS)
    assert subscribed[1:3] == ["event json BACKGROUND_JOB", "event json CODEC"]
    assert len(subscribed) == 4


@pytest.mark.parametrize("silent", ["both", "events", "commands"])
def test_a_half_open_connection_is_noticed_by_our_own_ping(both: Both, silent: str) -> None:
    """Nothing is closed and nothing is answered: only silence tells."""
    both.pair.open()
    for sock in both.switch.sockets:
        if silent == "both" or (silent == "events") == (sock in both.switch.listeners):
            both.switch.mute(sock)
    assert "half open" in both.until_lost()


def test_an_idle_connection_that_answers_pings_lives(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SILENCE", 0.02), ("TICK", 0.01), ("DEAD", 0.5)):
        monkeypatch.setattr(module, name, value)
    both.pair.open()
    with gevent.Timeout(DEADLINE):
        while both.switch.heard.count("nolog") < 12:
            gevent.sleep(0.01)
    assert both.pair.alive


def test_a_command_that_waits_long_for_its_answer_is_no_silence(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SILENCE", 0.02), ("TICK", 0.01), ("DEAD", 0.05)):
        monkeypatch.setattr(module, name, value)

    def slow(command: Command) -> bytes | None:
        if command.line != "api slow":
            return None
        gevent.sleep(0.4)
        return answer("at last")

    both.switch.script = slow
    both.pair.open()
    assert both.pair.send("api slow", timeout=10).text == "at last"


def test_our_own_nap_is_not_taken_for_the_switch_s_death(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SILENCE", 0.02), ("TICK", 0.05), ("DEAD", 0.25)):
        monkeypatch.setattr(module, name, value)
    both.pair.open()
    for _ in range(4):
        pings = both.switch.heard.count("nolog")
        with gevent.Timeout(DEADLINE):
            while both.switch.heard.count("nolog") == pings:
                gevent.sleep(0)
        time.sleep(0.5)  # the whole process stands still, with a ping under way
    gevent.sleep(0.1)
    assert both.pair.alive


def test_when_one_connection_goes_the_other_goes_too(both: Both) -> None:
    both.pair.open()
    waiting = gevent.spawn(both.pair.send, "api echo never", timeout=60)
    both.switch.script = lambda command: b"" if command.line == "api echo never" else None
    gevent.sleep(0.02)
    both.switch.listeners[0].close()
    assert "closed by the switch" in both.until_lost()
    with pytest.raises(Unanswered):
        waiting.get(timeout=30)


def test_the_inbox_is_bounded() -> None:
    both = Both(queue=5)
    both.pair.open()
    both.switch.emit(*[event("CHANNEL_HOLD", A)] * 20)
    with gevent.Timeout(30):
        while not both.pair.overflowed:
            gevent.sleep(0.005)
    assert both.pair.inbox.qsize() == 6  # five events, and the end
    assert "more than 5 events" in both.until_lost()
    both.switch.stop()
    both.greenlets.stop()


def test_a_snapshot_asks_for_every_leg_and_skips_those_that_went(both: Both) -> None:
    both.switch.channels = {f"{n:08x}-0000-4000-8000-000000000000": {} for n in range(100)}
    for uuid in both.switch.channels:
        both.switch.channels[uuid] = leg(uuid, "1001")
    gone = list(both.switch.channels)[3]
    both.switch.script = lambda command: answer("-ERR No such channel!\n") if gone in command.line else None
    both.pair.open()
    assert [str(found.created.uuid) for found in both.pair.snapshot()] == [u for u in both.switch.channels if u != gone]
    assert both.pair.core() == CORE


def test_a_late_look_brings_the_new_legs_and_whom_they_are_bridged_to(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LATE", 0.01)
    both.switch.channels = {A: leg(A, "1001", B), B: leg(B, "9001", A), C: leg(C, "1900")}
    both.pair.open()
    both.pair.look_late(lambda uuid: uuid != LegId(A))
    item = both.pair.inbox.get(timeout=30)
    assert isinstance(item, list)
    assert [found.created.uuid for found in item] == [A, B]
    both.pair.look_late(lambda uuid: True)
    assert both.pair.inbox.qsize() == 0


@pytest.mark.parametrize("answered", ["-ERR permission denied", "-ERR global_getvar Command not found!", "", "x"])
def test_a_switch_that_will_not_say_who_it_is_is_refused(both: Both, answered: str) -> None:
    both.switch.script = lambda command: answer(answered) if "core_uuid" in command.line else None
    both.pair.open()
    with pytest.raises(CredentialsRefused):
        both.pair.core()


def test_all_that_the_link_sends_by_itself_is_in_the_list_of_what_must_be_allowed(both: Both) -> None:
    both.switch.channels = {A: leg(A, "1001")}
    both.pair.open()
    both.pair.core()
    both.pair.snapshot()
    sent = {line.split()[1] for line in both.switch.heard if line.startswith("api ")}
    assert sent == {"global_getvar", "show", "uuid_dump"}
    assert sent <= set(MINIMUM_API)
    assert {line.split()[0] for line in both.switch.heard} <= {"auth", "event", "api", "nolog"}
