"""What a listener wants to hear."""

from eslbot.sim.subscription import DENIED, Subscription

ANSWER = {"Event-Name": "CHANNEL_ANSWER", "Unique-ID": "a"}
CUSTOM = {"Event-Name": "CUSTOM", "Event-Subclass": "x::y"}


def test_names_formats_and_subclasses() -> None:
    one = Subscription()
    assert not one.wants(ANSWER)
    assert one.add(["json", "channel_answer", "NO_SUCH", "CUSTOM", "x::y"]) == "+OK event listener enabled json"
    assert one.wants(ANSWER)
    assert one.wants(CUSTOM)
    assert not one.wants({**CUSTOM, "Event-Subclass": "x::z"})
    assert one.add(["DTMF"]) == "+OK event listener enabled json"
    assert one.add(["plain"]) == "-ERR no keywords supplied"


def test_all_is_all() -> None:
    one = Subscription()
    one.add(["plain", "ALL"])
    assert one.wants(ANSWER)
    assert one.wants(CUSTOM)
    assert one.remove(["CUSTOM"]) == "+OK events nixed"
    assert one.wants(ANSWER)
    assert not one.wants(CUSTOM)
    assert one.clear() == "+OK no longer listening for events"
    assert one.clear() == "-ERR not listening for events"
    assert not one.wants(ANSWER)


def test_filters_let_through_what_any_of_them_names() -> None:
    one = Subscription()
    one.add(["plain", "ALL"])
    assert one.filter("Unique-ID b") == "+OK filter added. [Unique-ID]=[b]"
    assert not one.wants(ANSWER)
    assert one.filter("add Event-Name channel_answer") == "+OK filter added. [Event-Name]=[channel_answer]"
    assert one.wants(ANSWER)
    assert one.filter("delete Event-Name channel_answer") == "+OK filter deleted. [Event-Name][channel_answer]"
    assert not one.wants(ANSWER)
    one.filter("delete all")
    assert one.wants(ANSWER)
    assert one.filter("Unique-ID") == "-ERR invalid syntax"


def test_a_user_hears_what_it_may() -> None:
    one = Subscription(frozenset({"CHANNEL_ANSWER"}))
    assert one.add(["json", "CHANNEL_ANSWER"]).startswith("+OK")
    assert one.add(["json", "CHANNEL_HANGUP"]) == DENIED
    assert not one.wants({"Event-Name": "CHANNEL_HANGUP"})


def test_my_events_are_one_legs() -> None:
    one = Subscription(names={"ALL"}, only="a")
    assert one.wants(ANSWER)
    assert not one.wants({**ANSWER, "Unique-ID": "b"})
