"""What happened stands in the store and in the metrics, and the log has no word of it that it should not have."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from eslbot.call.state import CallState
from eslbot.greenlets import Greenlets
from eslbot.model import facts, orders
from eslbot.model.call import Confirm, Role
from eslbot.service.observing import Watchers
from eslbot.store.store import Store
from eslbot.watch.metrics import Metrics
from tests.words import AGENT, ALERT, CALL, CUSTOMER, MUTE, hit, verdict, violated

STATE = CallState(CALL, "pbx", CUSTOMER, roles_known=True, sides_known=True, bridged=2.0)


class Seen:
    def __init__(self, directory: Path) -> None:
        self.greenlets = Greenlets()
        self.store = Store(f"sqlite:///{directory}/eslbot.db", self.greenlets)
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry, ["pbx"], {"promise": "severe"})
        self.watchers = Watchers(
            self.metrics, self.store, lambda: 20.0, lambda call, sample: 19.9, {"conditions": "请说明，优惠的条件"},
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    seen = Seen(tmp_path)
    yield seen
    seen.store.stop()
    seen.greenlets.stop()


def test_a_call_has_a_row_from_its_opening_to_its_end(seen: Seen) -> None:
    watchers = seen.watchers
    watchers.fact(facts.Opened(CALL, 1.0, "pbx", CUSTOMER, True, False), STATE)
    watchers.fact(facts.Joined(CALL, 2.0, AGENT, Role.AGENT, 8000), STATE)
    watchers.book_call(orders.BookCall("o#1", CALL, "completed", 2.0, 30.0, True))
    watchers.book_closing(orders.BookClosing("o#2", CALL, "played", 25.0, 29.0))
    seen.store.flush(30)
    [row] = seen.store.calls.find()
    assert (row.started, row.bridged, row.ended, row.outcome) == (1.0, 2.0, 30.0, "completed")
    assert (row.customer_leg, row.agent_leg) == (CUSTOMER, AGENT)
    [closing] = seen.store.closings.find()
    assert (closing.outcome, closing.stopped) == ("played", 29.0)


def test_a_violation_is_one_row_however_often_it_is_told_and_says_when_it_was_taken_back(seen: Seen) -> None:
    what = verdict(MUTE)
    for confirm in Confirm:
        seen.watchers.fact(violated(what, confirm), STATE)
    seen.watchers.fact(facts.Retracted(CALL, 21.0, hit(), what), STATE)
    seen.store.flush(30)
    [row] = seen.store.violations.find()
    assert (row.confirm, row.law_source, row.retracted) == ("final", "a law", 21.0)
    assert seen.value("eslbot_hits_total", rule="promise", severity="severe") == 1
    assert seen.value("eslbot_hit_latency_seconds_count") == 3
    assert seen.value("eslbot_word_latency_seconds_count") == 2  # the final came after the words had counted


def test_an_act_is_a_row_with_its_cause_its_latency_and_who_asked(seen: Seen) -> None:
    mute = orders.Mute("o#3", CALL, CUSTOMER, 3.0, "group")
    seen.watchers.order(mute, ("done", ""), STATE, violated(verdict(MUTE)))
    asked = facts.Commanded(CALL, 5.0, "1", "root", "unmute")
    seen.watchers.order(orders.Unmute("o#4", CALL, CUSTOMER, "group"), ("failed", "-ERR"), STATE, asked)
    withheld = orders.BookAct("o#5", CALL, "alert", "shadow", "promise")
    seen.watchers.order(withheld, None, STATE, violated(verdict(ALERT)))
    seen.store.flush(30)
    rows = {row.id: row for row in seen.store.acts.find()}
    assert (rows["o#3"].rule, rows["o#3"].outcome) == ("promise", "done")
    assert rows["o#3"].latency == pytest.approx(0.1)
    assert (rows["o#4"].by, rows["o#4"].outcome, rows["o#4"].detail) == ("root", "failed", "-ERR")
    assert (rows["o#5"].kind, rows["o#5"].outcome) == ("alert", "shadow")
    assert seen.value("eslbot_acts_total", act="mute", outcome="done") == 1


def test_followers_see_every_fact_and_order(seen: Seen) -> None:
    told: list[object] = []
    seen.watchers.followers.append(lambda what, state: told.append(what))
    fact = facts.Parted(CALL, 3.0)
    order = orders.Unmute("o#1", CALL, CUSTOMER, "group")
    seen.watchers.fact(fact, STATE)
    seen.watchers.order(order, ("done", ""), STATE, fact)
    assert told == [fact, order]


def test_trouble_is_counted_under_a_bounded_name(seen: Seen) -> None:
    seen.watchers.trouble(f"call {CALL}", RuntimeError("x"))
    assert seen.value("eslbot_troubles_total", where="call") == 1


def test_a_reminder_is_there_to_be_read_too(seen: Seen) -> None:
    cause = violated(verdict(MUTE))
    for number, (prompt, how) in enumerate((("conditions", "done"), ("mine", "done"), ("conditions", "failed"))):
        order = orders.Remind(f"o#{number}", CALL, AGENT, prompt)
        seen.watchers.order(order, (how, "" if how == "done" else "-ERR no such channel"), STATE, cause)
    seen.store.flush(30)
    assert [row.detail for row in seen.store.acts.find()] == ["请说明，优惠的条件", "mine", "-ERR no such channel"]
