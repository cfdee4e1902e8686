"""Orders become commands on the call's own switch, and answers become outcomes."""

from collections.abc import Callable

import pytest

from eslbot.model.call import LegId
from eslbot.model.orders import HangUp, Mute, Remind, Unmute
from eslbot.service.orders import LINK_DOWN, SwitchHand
from eslbot.switch.commands import CommandOptions, Reply
from eslbot.switch.link import LinkDown, Unanswered
from tests.words import AGENT, CALL, CUSTOMER

MUTE = Mute("o#1", CALL, CUSTOMER, 3.0, f"eslbot-mute-{CALL}-0")
UNMUTE = Unmute("o#2", CALL, CUSTOMER, f"eslbot-mute-{CALL}-0")


class Line:
    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self.sent: list[str] = []
        self._answer = answer

    def api(self, text: str, timeout: float = 2.0) -> Reply:
        self.sent.append(text)
        return self._answer(text)


def hand(line: Line) -> SwitchHand:
    options = CommandOptions("eslbot_closing", "default", lambda name: f"/prompts/{name}.wav")
    return SwitchHand({"pbx": line}, options, lambda call: "pbx")


def test_the_release_is_armed_before_the_mute() -> None:
    line = Line(lambda text: Reply(True, "+OK"))
    assert hand(line)(MUTE) == ("done", "")
    assert [command.split()[0] for command in line.sent] == ["sched_api", "uuid_audio"]


def test_a_release_that_cannot_be_armed_means_no_mute() -> None:
    line = Line(lambda text: Reply(False, "-ERR no"))
    assert hand(line)(MUTE) == ("failed", "-ERR no")
    assert len(line.sent) == 1


def test_what_the_switch_refuses_is_told_in_its_words() -> None:
    line = Line(lambda text: Reply(" start " not in text, "-ERR Cannot displace session!"))
    assert hand(line)(Remind("o#3", CALL, AGENT, "identity")) == ("failed", "-ERR Cannot displace session!")


def test_a_leg_that_is_gone_needs_no_hanging_up() -> None:
    assert hand(Line(lambda text: Reply(False, "-ERR No such channel!")))(HangUp("o#4", CALL, AGENT)) == ("done", "")


def failing(error: Exception) -> Line:
    def answer(text: str) -> Reply:
        raise error

    return Line(answer)


def test_without_a_link_an_act_has_failed_and_a_release_is_unknown_so_that_it_is_sent_again() -> None:
    assert hand(failing(LinkDown()))(MUTE) == LINK_DOWN
    assert hand(failing(LinkDown()))(UNMUTE)[0] == "unknown"


@pytest.mark.parametrize("order", [MUTE, UNMUTE])
def test_an_answer_that_never_comes_leaves_it_unknown(order: Mute | Unmute) -> None:
    assert hand(failing(Unanswered()))(order)[0] == "unknown"


def test_a_leg_that_is_no_uuid_is_never_sent() -> None:
    line = Line(lambda text: Reply(True, "+OK"))
    outcome = hand(line)(HangUp("o#5", CALL, LegId("x\napi hupall")))
    assert outcome[0] == "failed"
    assert line.sent == []
