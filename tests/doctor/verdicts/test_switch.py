from dataclasses import replace

import pytest

from eslbot.doctor.verdicts.switch import INTERFACES, SPOOL, Closing, SwitchSeen, judge
from tests.doctor.conftest import levels

CLOSING = Closing(True, "eslbot_closing", "default", "zh")
ALL = (*INTERFACES, SPOOL)
PLAN = ('<context name="default"><extension name="c">'
        '<condition field="destination_number" expression="^eslbot_closing$">'
        '<action application="playback" data="/p/closing.wav"/></condition></extension></context>')


def seen(**changed) -> SwitchSeen:
    well = {"interfaces": frozenset((one.kind, one.name) for one in ALL), "version": "1.11.3", "apart": 0.2,
            "dialplan": PLAN, "files": {"/p/closing.wav": True}}
    return SwitchSeen("pbx", "127.0.0.1:8021", True, **(well | changed))


def test_a_switch_in_good_order_has_nothing_but_good_findings() -> None:
    assert set(levels(judge(seen(), CLOSING, ALL)).values()) == {"ok"}


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        ({"closed": "cannot connect: Connection refused"}, "switch.reachable", "error"),
        ({"refused": "refused by the switch's access list"}, "switch.reachable", "error"),
        ({"refused": "the switch refuses the password"}, "switch.password", "error"),
        ({"refused": "the switch refuses the password or the user", "user": "e@pbx"}, "switch.password", "error"),
        ({"known_passwords": ("ClueCon",)}, "switch.password", "warning"),
        ({"known_passwords": ("ClueCon",), "loopback": False}, "switch.password", "error"),
        ({"denied": ("uuid_kill", "+4")}, "switch.commands", "error"),
        ({"denied_events": ("DTMF",)}, "switch.events", "error"),
        ({"denied_extras": ("CODEC",)}, "switch.events", "warning"),
        ({"interfaces": frozenset({("file", "r8")})}, "switch.modules", "error"),
        ({"version": "1.8.7"}, "switch.version", "warning"),
        ({"version": "1.10.12"}, "switch.version", "hint"),
        ({"version": "no number"}, "switch.version", "warning"),
        ({"apart": -90.0}, "switch.clock", "warning"),
        ({"version": None, "apart": None}, "switch.version", "hint"),
        ({"dialplan": None}, "switch.closing", "hint"),
        ({"dialplan": ""}, "switch.closing", "error"),
        ({"dialplan": "<context/>"}, "switch.closing", "error"),
        ({"dialplan": "<context"}, "switch.closing", "warning"),
        ({"files": {"/p/closing.wav": False}}, "switch.closing", "error"),
        ({"dialplan": PLAN.replace("playback", "sleep")}, "switch.closing", "error"),
        ({"stopped": "no answer within 5 s"}, "switch.answers", "error"),
        ({"own_refused": True}, "switch.own", "error"),
    ],
)
def test_each_thing_that_is_wrong_is_told_by_its_name_and_level(changed, check, level) -> None:
    assert levels(judge(replace(seen(), **changed), CLOSING, ALL))[check] == level


def test_what_may_be_had_another_way_is_only_warned_of() -> None:
    without = frozenset((one.kind, one.name) for one in ALL if one.name != "sofia")
    assert levels(judge(seen(interfaces=without), CLOSING, ALL))["switch.modules"] == "warning"


def test_no_password_a_switch_takes_is_shown_but_those_that_everybody_knows() -> None:
    told = " ".join(one.found + one.mend for one in judge(seen(user="eslbot@x", dialplan=None), CLOSING, ALL))
    assert "ClueCon" not in told


def test_where_no_closing_is_wanted_none_is_looked_for() -> None:
    off = Closing(False, "eslbot_closing", "default", "zh")
    assert "switch.closing" not in levels(judge(seen(dialplan=""), off, ALL))
