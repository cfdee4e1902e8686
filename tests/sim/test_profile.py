"""Causes and profiles as text."""

import pytest

from eslbot.sim.profile import Profile, cause


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("USER_BUSY", "USER_BUSY"),
        ("call_rejected", "CALL_REJECTED"),
        ("21", "CALL_REJECTED"),
        ("nonsense", "NORMAL_CLEARING"),
        ("999", "NORMAL_CLEARING"),
        ("", "NORMAL_CLEARING"),
    ],
)
def test_causes_by_name_or_number(text: str, name: str) -> None:
    assert cause(text) == name


def test_what_is_empty_is_left_out() -> None:
    headers = Profile("u", "outbound", "9001", "sofia/x/9001").headers("Other-Leg")
    assert headers["Other-Leg-Destination-Number"] == "9001"
    assert "Other-Leg-Caller-ID-Name" not in headers
    assert "Other-Leg-Profile-Index" not in headers
    assert headers["Other-Leg-Channel-Answered-Time"] == "0"
