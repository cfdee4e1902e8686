"""Reasons, asked for and kept."""

import pytest

from eslbot.service.people.reasons import NoReason, asked
from eslbot.supervise.access import unix

WHO = unix("root")


def echo(args, person):
    return args


def test_what_needs_a_reason_is_not_done_without_one_and_the_rest_is():
    handlers = asked({"listen": echo, "mute": echo}, ["listen"])
    for none in ({}, {"reason": "  "}, {"reason": None}, {"reason": 7}):
        with pytest.raises(NoReason, match="listen: "):
            handlers["listen"](none, WHO)
    assert handlers["listen"]({"reason": " training "}, WHO) == {"reason": "training"}
    assert handlers["mute"]({"call": "x"}, WHO) == {"call": "x", "reason": ""}


def test_a_reason_keeps_no_customers_number_and_no_novel():
    handlers = asked({"listen": echo}, [])
    kept = handlers["listen"]({"reason": "customer 138 0013 8000 complained " + "x" * 1000}, WHO)["reason"]
    assert "13800138000" not in kept.replace(" ", "")
    assert "complained" in kept
    assert len(kept) <= 510


def test_how_shadow_mode_stands_is_told_without_a_reason():
    handlers = asked({"shadow": echo}, ["shadow"])
    assert handlers["shadow"]({}, WHO) == {"reason": ""}
    with pytest.raises(NoReason):
        handlers["shadow"]({"on": True}, WHO)
