"""The desk brings each fact to its call and takes calls up again after a restart, at whatever
line of its journal that came."""

import re
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from eslbot.call.desk import Desk
from eslbot.call.journal import Journal
from eslbot.call.legs import LegBook
from eslbot.call.roles import RolePatterns
from eslbot.call.state import Phase, Policy
from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.model import facts, orders
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Order
from tests.call.test_runner import Seen
from tests.words import AGENT, ALERT, CALL, CUSTOMER, MUTE, REMIND, created, verdict, violated

PATTERNS = RolePatterns(agent=re.compile(r"10\d\d"), customer=re.compile(r"9\d+"))
ORDERS = (
    orders.ArmClosing, orders.DisarmClosing, orders.GuardHold, orders.Listen, orders.StopListening, orders.Mute,
    orders.Unmute, orders.Alert, orders.BookCall, orders.BookClosing, orders.BookAct, orders.Remind, orders.Announce,
    orders.HangUp,
)
CALL_UP: list[facts.Fact] = [
    created(AGENT, number="1001"), created(CUSTOMER, number="9001"), facts.LegsBridged("pbx", 2.0, AGENT, CUSTOMER),
]


class Life:
    """One life of the service on one directory."""

    def __init__(self, directory: Path, shadow: bool = False) -> None:
        self.seen, self.greenlets, self.ids = Seen(), Greenlets(), list[str]()
        self.desk = Desk(
            Policy(), LegBook(PATTERNS, "eslbot_closing"), Journal(directory), dict.fromkeys(ORDERS, self._perform),
            self.greenlets, SteadyClock(), self.seen, shadow,
        )

    def _perform(self, order: Order) -> tuple[str, str]:
        self.ids.append(order.id)
        return self.seen.perform(order)

    def tell(self, *told: facts.Fact) -> None:
        for fact in told:
            self.desk.tell(fact)
        gevent.sleep(0.02)

    def kill(self) -> None:
        self.greenlets.stop()


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path)
    yield life
    life.kill()


def test_a_call_is_found_by_any_leg_and_by_a_prefix(life: Life) -> None:
    life.tell(*CALL_UP)
    assert life.desk.find(AGENT).id == life.desk.find(CUSTOMER[:6]).id == CALL
    with pytest.raises(LookupError, match="too short"):
        life.desk.find("11111")
    with pytest.raises(LookupError, match="no call is up"):
        life.desk.find("deadbeef")


def test_a_prefix_of_two_calls_is_refused(life: Life) -> None:
    other = LegId(CUSTOMER[:-1] + "2")
    life.tell(created(CUSTOMER, number="9001"), created(other, number="9002"))
    with pytest.raises(LookupError, match="names 2 calls"):
        life.desk.find(CUSTOMER[:10])


def test_facts_about_no_call_of_ours_are_harmless(life: Life) -> None:
    life.tell(violated(verdict(MUTE)), facts.LegHungUp("pbx", 1.0, AGENT, "X"))
    assert life.desk.states() == []


def test_a_persons_command_waits_for_its_outcome(life: Life) -> None:
    life.tell(*CALL_UP)
    outcome = life.desk.command(facts.Commanded(CALL, 3.0, "1", "root", "hang_up"))
    assert outcome == [("HangUp", ("done", ""))]
    with pytest.raises(KeyError):
        life.desk.command(facts.Commanded(CallId("nobody"), 3.0, "1", "root", "mute"))


def test_shadow_mode_holds_for_calls_that_are_up_and_those_to_come(life: Life) -> None:
    life.tell(created(CUSTOMER, number="9001"))
    life.desk.set_shadow(True)
    life.tell(facts.LegsBridged("pbx", 2.0, CUSTOMER, AGENT))
    assert [state.shadow for state in life.desk.states()] == [True]
    other = LegId("99999999-9999-4999-8999-999999999999")
    life.tell(created(other, number="9002"))
    assert life.desk.find(other).shadow


def test_a_switch_that_was_restarted_ends_its_calls_as_aborted(life: Life) -> None:
    life.tell(facts.SwitchUp("pbx", 1.0, "core-1"), *CALL_UP)
    life.tell(facts.SwitchDown("pbx", 3.0, "gone"), facts.SwitchUp("pbx", 4.0, "core-2"))
    [state] = life.desk.states()
    assert state.ended == ("aborted", 4.0)


def test_a_link_that_was_gone_for_a_moment_ends_nothing(life: Life) -> None:
    life.tell(facts.SwitchUp("pbx", 1.0, "core-1"), *CALL_UP)
    life.tell(facts.SwitchDown("pbx", 3.0, "gone"), *CALL_UP, facts.SwitchUp("pbx", 4.0, "core-1", (AGENT, CUSTOMER)))
    [state] = life.desk.states()
    assert state.phase is Phase.UP
    assert life.seen.order_log.count("Listen") == 2
    assert life.seen.order_log.count("ArmClosing") == 1


def test_another_switchs_trouble_is_not_ours(life: Life) -> None:
    life.tell(*CALL_UP, facts.SwitchUp("other", 1.0, "core-9"), facts.SwitchDown("other", 2.0, "gone"))
    [state] = life.desk.states()
    assert (state.phase, state.closing.blind) == (Phase.UP, False)


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_restart_at_any_line_of_the_journal_repeats_no_act_and_gives_no_id_twice(tmp_path: Path, cut: int) -> None:
    first = Life(tmp_path)
    what = verdict(MUTE, ALERT, REMIND)
    first.tell(*CALL_UP, violated(what, at=SteadyClock()()))
    first.kill()
    [journal] = tmp_path.glob("*.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) >= 7
    journal.write_bytes(b"".join(lines[:cut]))
    kept = b"".join(lines[:cut])
    acted = [name for name in ("Mute", "Alert", "Remind") if f'"is":"{name}"'.encode() in kept]

    second = Life(tmp_path)
    assert second.desk.restore() == [CALL]
    again = violated(what, at=SteadyClock()(), utterance=100000, start=8100, end=12050)
    second.tell(*CALL_UP, facts.SwitchUp("pbx", 5.0, "core-1", (AGENT, CUSTOMER)), again)
    assert [name for name in ("Mute", "Alert", "Remind") if name in second.seen.order_log] == [
        name for name in ("Mute", "Alert", "Remind") if name not in acted
    ]
    assert "Listen" in second.seen.order_log
    written = [o for line in kept.splitlines() for o in re.findall(rf'"id":"({CALL}#\d+)"', line.decode())]
    assert not set(written) & set(second.ids)
    second.kill()


def test_a_journal_whose_lines_no_call_can_have_written_keeps_nobody_from_starting(tmp_path: Path) -> None:
    first = Life(tmp_path)
    first.tell(*CALL_UP)
    first.kill()
    other = CallId("99999999-9999-4999-8999-999999999999")
    made_up = Journal(tmp_path)
    opened = facts.Opened(other, 1.0, "pbx", LegId(other), True, False)
    made_up.append(other, opened, [orders.Unmute("x", other, CUSTOMER, "g")])
    made_up.close()
    second = Life(tmp_path)
    assert second.desk.restore() == [CALL]
    assert second.seen.troubles == ["journal"]
    second.kill()


def test_an_unreadable_journal_is_told_and_the_others_are_taken_up(tmp_path: Path) -> None:
    first = Life(tmp_path)
    first.tell(*CALL_UP)
    first.kill()
    (tmp_path / "99999999-9999-4999-8999-999999999999.journal").write_bytes(b"00000000 {}\n")
    second = Life(tmp_path)
    assert second.desk.restore() == [CALL]
    assert second.seen.troubles == ["journal"]
    second.kill()
