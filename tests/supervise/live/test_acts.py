"""What was done in a call: who did what, why, and what became of it."""


from eslbot.model import facts, orders
from eslbot.store.rows import ActRow
from eslbot.supervise.live.acts import ACTS, Acts
from tests.supervise.live.watched import Watched
from tests.words import CALL, CUSTOMER, REMIND, verdict, violated


def test_the_history_tells_who_did_what_why_and_what_became_of_it() -> None:
    watched = Watched()
    watched.play(violated(verdict(REMIND)))
    watched.play(facts.Commanded(CALL, 30.0, "1", "account:sup", "mute", 5.0))
    acts = watched.feed.calls[CALL].whole()["acts"]
    assert [(act["kind"], act["by"], act["title"], act["text"], act["seconds"]) for act in acts] == [
        ("remind", "", "title of promise", "Say who you are", None), ("mute", "account:sup", "", "", 5.0)]
    assert [act["outcome"] for act in acts] == ["", ""]
    watched.play(facts.Performed(CALL, 31.0, acts[0]["id"], "failed", "no such leg"))
    [remind, mute] = watched.feed.calls[CALL].whole()["acts"]
    assert (remind["outcome"], remind["detail"], mute["outcome"]) == ("failed", "no such leg", "")
    assert watched.feed.calls[CALL].row()["muted_until"] == 35.0


def test_what_is_no_act_is_not_in_the_history_and_an_outcome_of_another_order_changes_nothing() -> None:
    acts = Acts(CALL, Watched().feed._looks)
    assert acts.order(orders.ArmClosing("1", CALL, CUSTOMER), None) == []
    assert acts.performed(facts.Performed(CALL, 5.0, "1", "done")) == []
    assert acts.told() == []


def test_of_a_long_call_the_last_acts_are_remembered() -> None:
    acts = Acts(CALL, Watched().feed._looks)
    for n in range(ACTS + 5):
        acts.add(str(n), "mute")
    assert [act["id"] for act in acts.told()] == [str(n) for n in range(5, ACTS + 5)]


def test_what_the_store_kept_stands_before_what_was_done_since_by_time() -> None:
    acts = Acts(CALL, Watched().feed._looks)
    acts.add("new", "mute", at=50.0)
    acts.recall([ActRow("old", CALL, "remind", 40.0, "done", detail="say who you are"),
                 ActRow("book", CALL, "arm_closing", 41.0, "done"), ActRow("new", CALL, "mute", 50.0, "failed")])
    assert [(act["id"], act["text"]) for act in acts.told()] == [("old", "say who you are"), ("new", "")]
