"""The commands against a real admin socket; what the service does with a verb is its own."""

import pytest

from eslbot.supervise.wire import Refused

ROW = {"id": "a-call#12", "call": "a-call", "at": 1700000000.0, "kind": "violation", "severity": "severe",
       "rule": "promise", "detail": "", "acknowledged": None, "acknowledged_by": ""}


@pytest.fixture
def asked(admin):
    asked = []

    def alerts(args, person):
        asked.append(("alerts", args))
        return {"alerts": [ROW], "next": None}

    def acknowledge(args, person):
        asked.append(("acknowledge", args))
        if args["alert"] != ROW["id"]:
            raise Refused("there is no such alert")
        return {**ROW, "acknowledged": 1.0, "acknowledged_by": person.name}

    admin({"alerts": alerts, "acknowledge": acknowledge})
    return asked


def test_open_ones_are_listed_and_all_where_asked_for(asked, ask):
    assert "a-call#12" in ask("alerts", "list").out
    assert ask("alerts", "list", "--all", "--call", "a-call", "--json").json == [ROW]
    assert asked == [("alerts", {"limit": 50, "open": True}),
                     ("alerts", {"limit": 50, "open": False, "call": "a-call"})]


def test_one_is_acknowledged_by_its_id(asked, ask):
    assert "acknowledged by" in ask("alerts", "ack", "a-call#12", "--reason", "seen").out
    said = ask("alerts", "ack", "other")
    assert (said.code, said.err) == (1, "there is no such alert\n")
