"""Which keys somebody is told of: those of pages that they get to, and of acts that they are offered."""

import pytest

from eslbot.supervise.access import Person, Staff
from eslbot.supervise.web.keys import KEYS, groups

ACTS = [[("mute", "m")], [("hangup", "h")]]


@pytest.mark.parametrize(("role", "titles"), [
    (Staff.SUPERVISOR, ["everywhere", "on-duty", "in-list", "in-call", "in-player"]),
    (Staff.AUDITOR, ["everywhere", "in-call", "in-player"]), (Staff.AGENT, ["everywhere", "in-call"]),
])
def test_each_role_is_told_of_the_keys_of_its_own_pages(role: Staff, titles: list[str]) -> None:
    found = dict(groups(Person("x", role, "session"), ACTS))
    assert [title.removeprefix("help.") for title in found] == titles
    assert found["help.in-call"] == (("M", "act.mute"), ("H", "act.hangup"))


def test_who_is_offered_no_act_is_told_of_none() -> None:
    assert "help.in-call" not in dict(groups(Person("x", Staff.QUALITY, "session"), []))


def test_no_key_does_two_things_in_one_place() -> None:
    for title, _, keys in KEYS:
        assert len({key for key, _ in keys}) == len(keys), title
