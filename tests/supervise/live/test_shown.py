"""What of a call's messages the agent in it is shown: nothing of before, nothing of others, nobody who listens."""

from eslbot.supervise.live.shown import Owner, for_agent

MINE = Owner("north", "seat1", "Seat1", first=10.0, started=1000.0)


def test_what_was_said_done_and_found_before_the_agent_came_is_not_theirs() -> None:
    for message in ({"k": "words", "start": 9.9},
                    {"k": "act", "kind": "mute", "at": 999.0, "by": "x", "outcome": "done"},
                    {"k": "act", "kind": "mute", "at": 1000.0, "by": "", "outcome": "handed-over"},
                    {"k": "hit", "agent": "seat2"}):
        assert for_agent(message, MINE) is None
    assert for_agent({"k": "words", "start": 10.0}, MINE) == {"k": "words", "start": 10.0}
    assert for_agent({"k": "hit", "agent": "seat1"}, MINE) is not None


def test_who_did_it_and_who_listens_is_not_told() -> None:
    act = {"k": "act", "kind": "mute", "at": 1000.0, "by": "account:lead", "outcome": "done"}
    assert for_agent(act, MINE) == {**act, "by": ""}
    assert for_agent({**act, "kind": "listen"}, MINE) is None
    row = for_agent({"k": "row", "supervisors": ["account:lead"], "found": {}}, MINE)
    assert row is not None
    assert not {"supervisors", "found"} & row.keys()
    for kind in ("alert", "ack"):
        assert for_agent({"k": kind}, MINE) is None
