"""Texts on phones (SIP MESSAGE): that what eslbot sends reaches a phone that has registered, whole and in Chinese,
while a call is up and without a sound in it; and that a phone which is away, or will not have it, disturbs nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot import data
from eslbot.prompts import read_texts
from eslbot.switch import supervising
from tests.conformance.beside import Beside, running
from tests.conformance.rig import Registered, Rig, Role
from tests.conformance.score import FIRSTS, listen, place

LONG = "请注意：客户已经说过不要再打来。" * 40
TAKES, REFUSES, AWAY, NOBODY, RINGS = "1090", "1091", "1092", "1999", "9487"
"""Phones: the first three are told of alerts, the fourth is no user at all, the last only rings."""
APART = {"agent": {"customer"}, "customer": {"agent"}}


def send(rig: Rig, number: str, text: str, profile: str = "internal", domain: str = "127.0.0.1") -> str:
    """As eslbot does it, signed in as the directory's user; what the switch answers."""
    command = supervising.message_to(number, domain, profile, text)
    return str(rig.connect(user=True).event(command.text, dict(command.headers), command.body))


def arrived(rig: Rig, phone: Registered, count: int = 1, seconds: float = 10.0) -> list[str]:
    """What the texts say, once there are so many, or the time is up."""
    for _ in range(int(seconds / 0.1)):
        if len(phone.texts) >= count:
            break
        rig.pass_time(0.1)
    return [text.body.decode() for text in phone.texts]


@pytest.mark.parametrize("text", ["请注意用语，遵守规定。", "Mind your words. 😀", LONG], ids=["zh", "emoji", "long"])
def test_a_text_arrives_whole(rig: Rig, text: str) -> None:
    with rig.registered(TAKES) as phone:
        assert send(rig, TAKES, text).startswith("+OK")
        assert arrived(rig, phone) == [text[: supervising.LONGEST_TEXT]]
        assert phone.texts[0].kind.replace(" ", "").lower() == "text/plain;charset=utf-8"


def test_of_two_phones_under_one_number_the_one_that_registered_last_gets_it(rig: Rig) -> None:
    """A profile with `multiple-registrations` sends it to both (source)."""
    with rig.registered(TAKES) as one, rig.registered(TAKES) as other:
        send(rig, TAKES, "x")
        assert (arrived(rig, other), len(one.texts)) == (["x"], 0)


@pytest.mark.parametrize("status", [405, 415, 486])
def test_a_phone_that_will_not_have_it_is_asked_once_and_the_call_goes_on(rig: Rig, status: int) -> None:
    played = place(rig, "agent")
    with rig.registered(played.call.agent.number, status) as phone:
        assert send(rig, played.call.agent.number, "x").startswith("+OK")
        assert arrived(rig, phone) == ["x"]
        assert listen(rig, [played])[0] == APART
        assert len(phone.texts) == 1
    rig.clear()


@pytest.mark.parametrize(
    ("number", "profile", "domain"),
    [(AWAY, "internal", "127.0.0.1"), (NOBODY, "internal", "127.0.0.1"), (TAKES, "nowhere", "127.0.0.1"),
     (TAKES, "internal", "pbx.example")],
    ids=["away", "nobody", "no such profile", "no such domain"],
)
def test_what_cannot_be_delivered_is_answered_like_what_was(rig: Rig, number: str, profile: str, domain: str) -> None:
    """So eslbot cannot learn of it."""
    played, since = place(rig, "agent"), rig.mark()
    with rig.registered(TAKES) as phone:
        assert send(rig, number, "x", profile, domain).startswith("+OK")
        assert listen(rig, [played])[0] == APART
        assert phone.texts == []
    assert [e["Event-Name"] for e in rig.events(since) if e["Event-Name"].startswith("CHANNEL")] == []
    rig.clear()


# --- a whole eslbot beside the switch --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def beside(rig: Rig, room: Path) -> Iterator[Beside]:
    """Reminds by text too, tells an agent of a listener by a reminder; its closing is none, which is an alert."""
    more = (
        'tell_agent = "reminder"\n[message]\nreminders = true\ndomain = "127.0.0.1"\n'
        f'[close]\nextension = "{RINGS}"\n'
        f'[escalation]\nafter = "1s"\nphones = ["{TAKES}", "{REFUSES}", "{AWAY}"]\n'
    )
    with running(rig, room, more) as made:
        yield made


@pytest.mark.parametrize("first", FIRSTS)
def test_a_reminder_is_read_on_the_agents_phone_while_the_call_goes_on(beside: Beside, first: Role) -> None:
    rig, played = beside.rig, beside.place(first)
    says = read_texts(data.prompts("zh") / "prompts.toml").prompts["reminder"]
    with rig.registered(played.call.agent.number) as phone, rig.registered(TAKES) as others:
        beside.ask("listen", call=played.call.customer.uuid, phone=rig.number("supervisor", None), wait=True)
        assert arrived(rig, phone)[:1] == [says]  # a rule that misses something reminds too, later
        assert listen(rig, [played], settle=3.0)[0] == APART
        assert others.texts == []
    rig.clear()


def test_an_alert_nobody_takes_note_of_is_read_on_the_phones_that_take_it(beside: Beside) -> None:
    rig, played, other = beside.rig, beside.place("agent"), beside.place("customer")
    with rig.registered(TAKES) as phone, rig.registered(REFUSES, 405) as refuses:
        rig.address(RINGS)
        rig.hang_up(played.call.agent)  # the customer is alone, and hears no closing
        rig.pass_time(4.0)
        rig.hang_up(played.call.customer)
        text = f"eslbot：告警未确认（severe，closing-failed）{played.call.customer.uuid[:8]}"
        beside.service.until(lambda: phone.texts, "no text came")
        assert arrived(rig, phone) == [text]
        assert arrived(rig, refuses) == [text]
        assert listen(rig, [other])[0] == APART
    rig.clear()
