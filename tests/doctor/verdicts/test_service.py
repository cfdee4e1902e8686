import pytest

from eslbot.doctor.verdicts.service import ServiceSeen, judge
from tests.doctor.conftest import levels


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        ({}, "service.ready", "ok"),
        ({"shadow": True}, "service.shadow", "hint"),
        ({"ready": None}, "service.ready", "warning"),
        ({"ready": {"recogniser": "not ready"}}, "service.ready", "warning"),
        ({"forbidden": True, "answers": False}, "service.answers", "warning"),
        ({"answers": False}, "service.answers", "hint"),
    ],
)
def test_what_a_service_says_of_itself(changed, check, level) -> None:
    seen = ServiceSeen(**{"socket": "s", "answers": True, "pid": 7, "ready": {}} | changed)
    assert levels(judge(seen, "eslbot", "eslbot"))[check] == level


def test_who_looks_as_another_user_than_the_service_is_told() -> None:
    assert levels(judge(ServiceSeen("s"), "eslbot", "admin"))["service.user"] == "hint"
    assert "service.user" not in levels(judge(ServiceSeen("s"), "", "admin"))
    assert "service.user" not in levels(judge(ServiceSeen("s"), "eslbot", "root"))   # who may look everywhere
