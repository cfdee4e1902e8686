import pytest

from eslbot.switch.commands import Refused
from eslbot.switch.link.options import LinkOptions


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "pbx.example.org", "0.0.0.0", "::", "2001:db8::1", "127.0.0.1.example.org"]
)
def test_the_default_password_is_refused_where_others_can_reach_it(host: str) -> None:
    with pytest.raises(Refused, match=r"switch pbx1.*default password"):
        LinkOptions("pbx1", host, 8021, "ClueCon")
    assert LinkOptions("pbx1", host, 8021, "another").host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_the_default_password_is_let_through_on_loopback(host: str) -> None:
    assert LinkOptions("pbx1", host, 8021, "ClueCon").loopback


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(LinkOptions("pbx1", "127.0.0.1", 8021, "secret"))
